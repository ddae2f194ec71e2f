/** The rooms, the arrows and the exceptions: what ARCHITECTURE.md says, as data. */

export type Layer = 'door' | 'wing' | 'platform'

/** The folders of `src/`. */
export const layers: Readonly<Record<string, Layer>> = {
  server: 'door',
  mcp: 'door',
  cli: 'door',
  bench: 'wing',
  agents: 'wing',
  guidance: 'wing',
  testlab: 'wing',
  scaffold: 'wing',
  platform: 'platform',
}

/** Arrows between wings, and from the door that puts the application together to the doors it opens. */
export const arrows: readonly { readonly from: string; readonly to: string }[] = [
  { from: 'agents', to: 'bench' },
  { from: 'agents', to: 'guidance' },
  { from: 'agents', to: 'testlab' },
  { from: 'testlab', to: 'bench' },
  { from: 'guidance', to: 'agents/llm' },
  { from: 'bench', to: 'agents/llm' },
  { from: 'cli', to: 'server' },
  { from: 'cli', to: 'mcp' },
]

/** Rooms whose results depend on nothing but what they are handed. */
export const pureRooms: readonly string[] = [
  'bench/findings',
  'bench/statistics',
  'guidance/rules',
  'testlab/regressions',
]

/** Modules of Node that a pure room may use: they reach nothing outside the process. */
export const pureModules: ReadonlySet<string> = new Set(['node:crypto', 'node:path/posix', 'node:util', 'node:buffer'])

/** Names, or `object.member`, through which code reaches the clock, chance, or the world. */
export const impureNames: ReadonlySet<string> = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'crypto.randomUUID',
  'crypto.getRandomValues',
  'randomUUID',
  'randomBytes',
  'randomInt',
  'getRandomValues',
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
])

/** Lines beyond which a file needs a reason below. */
export const lineLimit = 300

/** Files that are data, not code: tables, generated text. */
export const dataFiles = /\/(tables|rules|suite|models)\/|-table\.ts$|\.gen\.ts$|[/-]rules\.ts$/

/** Files over the limit, and why each is still one file. */
export const longFiles: Readonly<Record<string, string>> = {
  'src/bench/analyzers/dataflow/analysis/access.ts': 'Reading and writing places: every rule here has its mirror here.',
  'src/bench/analyzers/dataflow/analysis/calls.ts':
    'What a call may reach and what comes back, callee kind by callee kind.',
  'src/bench/analyzers/dataflow/analysis/refine.ts': 'One case for every kind of condition that restricts a value.',
  'src/bench/analyzers/dataflow/analysis/transfer.ts': 'One case for every instruction of the intermediate form.',
  'src/bench/analyzers/dataflow/checks/routes/guards.ts':
    'One walk through the code of a guard, with everything that counts as asking.',
  'src/bench/analyzers/dataflow/frontend/javascript-expressions.ts': 'One case for every kind of expression.',
  'src/bench/analyzers/dataflow/frontend/python-expressions.ts': 'One case for every kind of expression.',
  'src/bench/analyzers/dataflow/frontend/python.ts': 'One case for every kind of statement.',
  'src/bench/apps/components.ts':
    'One decision, which folders are parts of an app, made of signals that outrank each other.',
  'src/bench/interfaces/javascript-modules.ts':
    'The grammar of declarations: one case for every way a name comes into being.',
  'src/bench/interfaces/javascript-routes.ts': 'One case for every way a JavaScript server declares a route.',
  'src/bench/interfaces/python-request.ts': 'One case for every way a Python handler reads its request.',
  'src/bench/interfaces/python-routes.ts': 'One case for every way a Python server declares a route.',
}
