import type { Rule, Severity } from '#bench/findings'
import { shapes } from './shapes.ts'

export const literalRule = 'credential-literal'
export const configurationRule = 'credential-in-configuration'
export const guessableRule = 'guessable-credential'
export const addressRule = 'password-in-address'
export const privateKeyRule = 'private-key'
/** What secretlint reports and {@link services} does not name. */
export const otherServiceRule = 'service-credential'

const common = {
  category: 'security',
  cwe: [798, 540],
  defect: 'hard-coded-credential',
} as const
const exposed =
  'Everyone who can read the code or its history, and every visitor of a page built from it, has the credential.'
const rotate = 'Revoke it and issue a new one, then read that from the environment at run time.'

/** secretlint's message ids: `[rule, credential, severity]`; what a holder can do decides the severity. */
const services: Readonly<Record<string, readonly [id: string, title: string, severity: Severity]>> = {
  PrivateKey: [privateKeyRule, 'Private key', 'high'],
  PrivateKeyJSON: ['gcp-service-account', 'Google Cloud service account', 'critical'],
  AWSSecretAccessKey: ['aws-secret-access-key', 'AWS secret access key', 'critical'],
  GITHUB_TOKEN: ['github-token', 'GitHub token', 'critical'],
  PackageJSON_xOauthToken: ['github-token', 'GitHub token', 'critical'],
  GITLAB_PERSONAL_ACCESS_TOKEN: ['gitlab-token', 'GitLab token', 'critical'],
  NPM_ACCESS_TOKEN: ['npm-token', 'npm token', 'critical'],
  Npmrc_authToken: ['npm-token', 'npm token', 'critical'],
  SLACK_TOKEN: ['slack-token', 'Slack token', 'high'],
  IncomingWebhook: ['slack-webhook', 'Slack webhook', 'medium'],
  OPENAI_TOKEN: ['openai-key', 'OpenAI key', 'high'],
  ANTHROPIC_API_KEY: ['anthropic-key', 'Anthropic key', 'high'],
  GROQ_API_KEY: ['groq-key', 'Groq key', 'high'],
  HUGGINGFACE_USER_ACCESS_TOKEN: ['huggingface-token', 'Hugging Face token', 'high'],
  SENDGRID_KEY: ['sendgrid-key', 'SendGrid key', 'high'],
  STRIPE_SECRET_KEY_LIVE: ['stripe-live-key', 'Stripe live key', 'critical'],
  STRIPE_RESTRICTED_KEY_LIVE: ['stripe-live-key', 'Stripe live key', 'critical'],
  STRIPE_SECRET_KEY_TEST: ['stripe-test-key', 'Stripe test key', 'low'],
  STRIPE_RESTRICTED_KEY_TEST: ['stripe-test-key', 'Stripe test key', 'low'],
}

const rules: ReadonlyMap<string, Rule> = new Map([...own(), ...known()].map((rule) => [rule.id, rule]))

/** The rule of that id. */
export function ruleOf(id: string): Rule | undefined {
  return rules.get(id)
}

/** The rule for one of secretlint's messages. */
export function ruleOfMessage(messageId: string): { readonly id: string; readonly title: string } {
  const [id, title] = services[messageId] ?? [otherServiceRule, messageId.toLowerCase().replaceAll('_', ' ')]
  return { id, title }
}

function own(): Rule[] {
  return [
    {
      ...common,
      id: literalRule,
      title: 'Credential in the source',
      severity: 'high',
      confidence: 'medium',
      why: exposed,
      fix: 'Read it from the environment, stop at start-up when it is missing, and replace the one that was exposed.',
    },
    {
      ...common,
      id: configurationRule,
      title: 'Credential in a configuration file',
      severity: 'medium',
      confidence: 'medium',
      why: 'The file is delivered with the code: everyone who can read the repository or the image has the credential.',
      fix: 'Keep the file out of the repository (`.gitignore`), commit an example without values, and replace the credential.',
    },
    {
      ...common,
      id: guessableRule,
      title: 'Credential anyone can guess',
      severity: 'high',
      confidence: 'medium',
      cwe: [1392, 798],
      why: 'It stands in every tutorial and word list: with it anyone forges sessions and tokens, or signs in.',
      fix: 'Read it from the environment without a default and stop at start-up when it is missing.',
    },
    {
      ...common,
      id: addressRule,
      title: 'Password in an address',
      severity: 'high',
      confidence: 'medium',
      why: 'Addresses end up in code, logs and error messages, and the password with them.',
      fix: 'Read the address from the environment, and replace the password that was exposed.',
    },
    serviceRule(otherServiceRule, 'Credential of a cloud service', 'high'),
  ]
}

function known(): Rule[] {
  return [
    ...Object.values(services).map(([id, title, severity]) => serviceRule(id, title, severity)),
    ...shapes.map(({ rule, service, severity }) => serviceRule(rule, service, severity)),
  ]
}

function serviceRule(id: string, title: string, severity: Severity): Rule {
  return { ...common, id, title, severity, confidence: 'high', why: exposed, fix: rotate }
}
