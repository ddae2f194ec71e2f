import type { Rule } from '#bench/findings'

const conformance = { category: 'conformance', confidence: 'high' } as const

/** One rule for each kind of check that can fail. */
export const conformanceRules: readonly Rule[] = [
  {
    ...conformance,
    id: 'acceptance',
    title: 'Acceptance check that fails',
    severity: 'high',
    why: 'The app does not do what it was asked to do.',
    fix: 'Make the step of the flow that the message names answer as the spec says.',
  },
  {
    ...conformance,
    id: 'endpoint',
    title: 'Endpoint that does not answer as specified',
    severity: 'medium',
    why: 'Whoever relies on the specified answer, a page or another program, breaks on this one.',
    fix: 'Answer with a status and the fields the spec declares.',
  },
  {
    ...conformance,
    id: 'browser-flow',
    title: 'Acceptance check that fails in the browser',
    severity: 'high',
    why: 'A person cannot do with the pages what the app was made for.',
    fix: 'Make the step of the flow that the message names possible; the picture shows where it stopped.',
  },
  {
    ...conformance,
    id: 'server-error',
    title: 'Route that breaks',
    severity: 'high',
    why: 'A plain request is answered with a server error, or not at all: what the route is for does not work.',
    fix: 'Mend the handler; the log of the app names the line that throws.',
  },
  {
    ...conformance,
    id: 'bad-input',
    title: 'Route that breaks on a bad body',
    severity: 'medium',
    why: 'The sender learns nothing of what was wrong, and errors of clients look like errors of the server.',
    fix: 'Check the body before using it, and answer with 400 or 422 and a reason.',
  },
  {
    ...conformance,
    id: 'unknown-path',
    title: 'Unknown path that is not answered with 404',
    severity: 'low',
    why: 'Programs and search engines take what does not exist for something that does.',
    fix: 'Answer paths nobody serves with 404.',
  },
  {
    ...conformance,
    id: 'declared-answer',
    title: 'Answer that breaks its own declaration',
    severity: 'medium',
    why: 'Clients generated from the OpenAPI document fail on this answer.',
    fix: 'Answer what the document declares, or correct the document.',
  },
  {
    ...conformance,
    id: 'not-json',
    title: 'JSON route that does not answer JSON',
    severity: 'medium',
    why: 'Whoever parses the answer fails.',
    fix: 'Answer with application/json and a body that is JSON.',
  },
  {
    ...conformance,
    id: 'resource',
    confidence: 'medium',
    title: 'Things that are not kept as they were entered',
    severity: 'high',
    why: 'What people add, change or remove is not there, not changed or not gone afterwards.',
    fix: 'Follow the exchanges in the evidence: the last one shows what should have been otherwise.',
  },
  {
    ...conformance,
    id: 'form',
    title: 'Form that breaks when it is sent',
    severity: 'high',
    why: 'What people entered is lost, and they see an error of the server.',
    fix: 'Mend the handler; the log of the app names the line that throws.',
  },
]

const byId = new Map(conformanceRules.map((rule) => [rule.id, rule]))

export function ruleOf(id: string): Rule | undefined {
  return byId.get(id)
}
