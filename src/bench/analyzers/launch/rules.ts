import type { Rule } from '#bench/findings'
import type { LaunchFailureKind } from '#bench/launch'

const conformance = { category: 'conformance', confidence: 'high' } as const

/** One rule for each way an app does not start; the ids are the kinds of failure. */
export const launchRules: readonly (Rule & { readonly id: LaunchFailureKind | 'server-error-on-start-page' })[] = [
  {
    ...conformance,
    id: 'syntax',
    title: 'Code that cannot be read',
    severity: 'critical',
    why: 'The language refuses the file: the app does not start at all.',
    fix: 'Mend the line the message names.',
  },
  {
    ...conformance,
    id: 'missing-package',
    title: 'Package that is not installed',
    severity: 'high',
    why: 'The app does not start where only what it declares is installed.',
    fix: 'Declare the package in the manifest, or remove the import when it does not exist.',
  },
  {
    ...conformance,
    id: 'missing-environment',
    title: 'Setting that is nowhere explained',
    severity: 'medium',
    why: 'Who follows the files of the app cannot start it: a variable it needs has neither a default nor an example.',
    fix: 'Name the variable in .env.example, or give it a safe default.',
  },
  {
    ...conformance,
    id: 'database',
    title: 'Database that fails at the start',
    severity: 'high',
    why: 'The app does not start: its database cannot be opened or lacks what the app asks of it.',
    fix: 'Create the file, folder or tables before they are used.',
  },
  {
    ...conformance,
    id: 'build',
    title: 'Build that fails',
    severity: 'high',
    why: 'There are no pages to see: the front end cannot be built.',
    fix: 'Mend what the message names and build again.',
  },
  {
    ...conformance,
    id: 'crash',
    title: 'App that ends while it starts',
    severity: 'critical',
    why: 'Nothing of the app can be used.',
    fix: 'Mend the line the message names; the log holds all that was printed.',
  },
  {
    ...conformance,
    id: 'never-listens',
    title: 'App that listens nowhere',
    severity: 'high',
    why: 'It runs, but no request can reach it.',
    fix: 'Start the server in the file that is run, and do not wait for something that may never come.',
  },
  {
    ...conformance,
    id: 'not-healthy',
    title: 'App that listens and does not answer',
    severity: 'high',
    why: 'Requests are accepted and lead to nothing.',
    fix: 'Answer every request; mend what the log names.',
  },
  {
    ...conformance,
    id: 'limits',
    title: 'App that takes too much to start',
    severity: 'high',
    why: 'It needs more memory, processes or disk than a small web application has.',
    fix: 'Load less at the start.',
  },
  {
    ...conformance,
    id: 'server-error-on-start-page',
    title: 'Start page that breaks',
    severity: 'high',
    why: 'The first thing a visitor sees is a server error.',
    fix: 'Mend the handler of the start page; the log names the line that throws.',
  },
]

const catalogue: ReadonlyMap<string, Rule> = new Map(launchRules.map((rule) => [rule.id, rule]))

/** The rule of that id. */
export function ruleOf(id: string): Rule | undefined {
  return catalogue.get(id)
}
