import type { JavaScriptScene } from './javascript-scene.ts'
import { indent, quoted, type Shape } from './sink.ts'

/** What only reads: a refusal afterwards leaves the attacker with nothing. */
const withoutTrace: ReadonlySet<string> = new Set(['path-traversal', 'xpath-injection', 'ldap-injection'])

const harmless = (s: JavaScriptScene) => JSON.stringify(s.sink.allowed[0])
const finish = (s: JavaScriptScene, value: string) => `${s.use(value)}\n${s.answer}`
const allowed = (s: JavaScriptScene) => `const ALLOWED = [${quoted(s.sink.allowed)}]`
/** An expression that can take a method call. */
const read = (s: JavaScriptScene) => (s.read.includes('??') ? `(${s.read})` : s.read)

/** Flows that carry what an attacker sends, unchanged in kind, from the request to the sink. */
export const javascriptVulnerable: readonly Shape<JavaScriptScene>[] = [
  {
    variant: 'direct',
    why: 'What the request carries goes straight into the sink.',
    parts: (s) => ({ body: `const ${s.v} = ${s.read}\n${finish(s, s.v)}` }),
  },
  {
    variant: 'inline',
    why: 'The request is read inside the expression the sink takes.',
    parts: (s) => ({ body: finish(s, s.read) }),
  },
  {
    variant: 'variable',
    why: 'Passing a value through several variables does not change it.',
    parts: (s) => ({
      body: `const raw = ${s.read}\nconst trimmed = raw.trim()\nconst ${s.v} = trimmed\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'destructuring',
    why: 'Destructuring takes the input out of the request.',
    parts: (s) => {
      const holder = new RegExp(`^([\\w.]+)\\.${s.v}$`).exec(s.read)?.[1]
      if (holder === undefined) return undefined
      return { body: `const { ${s.v} } = ${holder}\n${finish(s, s.v)}` }
    },
  },
  {
    variant: 'helper-sink',
    why: 'The function called with the input holds the sink.',
    parts: (s) => ({
      top: s.sinkFunction(s.verb, s.v),
      body: `const ${s.v} = ${s.read}\n${s.delegate(`${s.verb}(${s.context}${s.v})`)}`,
    }),
  },
  {
    variant: 'helper-source',
    why: 'The function that reads the request returns the input unchanged.',
    parts: (s) => {
      const parameter = s.request.split(':')[0] ?? ''
      if (parameter === '' || !s.read.includes(parameter) || s.read.includes('await')) return undefined
      return {
        top: `function inputOf(${s.request}) {\n  return ${s.read}\n}`,
        body: `const ${s.v} = inputOf(${parameter})\n${finish(s, s.v)}`,
      }
    },
  },
  {
    variant: 'helper-passes',
    why: 'The helper changes the length of the input, not what it can contain.',
    parts: (s) => ({
      top: `const normalise = (value${s.text}) => value.trim().slice(0, 500)`,
      body: `const ${s.v} = normalise(${s.read})\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'instance-field',
    why: 'The input is kept in a field by the constructor and used by a method.',
    parts: (s) => {
      const method = s.sinkFunction('run', 'unused', `this.${s.v}`).replace('function run', 'run')
      const typed = method.replace(/,? ?unused(: string)?/, '')
      const field = s.framework.typed ? `  readonly ${s.v}: string\n\n` : ''
      return {
        top: `class Task {\n${field}  constructor(${s.v}${s.text}) {\n    this.${s.v} = ${s.v}\n  }\n\n${indent(typed, 2)}\n}`,
        body: `const task = new Task(${s.read})\n${s.delegate(`task.run(${s.context.slice(0, -2)})`)}`,
      }
    },
  },
  {
    variant: 'private-field',
    why: 'A private field gives back what was put in.',
    parts: (s) => ({
      top: `class Box {\n  #content${s.text} = ''\n\n  put(value${s.text}) {\n    this.#content = value\n    return this\n  }\n\n  take() {\n    return this.#content\n  }\n}`,
      body: `const box = new Box().put(${s.read})\n${finish(s, 'box.take()')}`,
    }),
  },
  {
    variant: 'other-file-sink',
    why: 'The sink is in a function of another module.',
    parts: (s) => ({
      module: { name: 'service', code: `export ${s.sinkFunction(s.verb, s.v)}`, sink: true },
      body: `const ${s.v} = ${s.read}\n${s.delegate(`${s.verb}(${s.context}${s.v})`)}`,
    }),
  },
  {
    variant: 'other-file-passes',
    why: 'A function of another module gives the input back trimmed only.',
    parts: (s) => ({
      module: {
        name: 'text',
        code: `export function tidyText(value${s.text}, limit = 500) {\n  const trimmed = value.trim()\n  return trimmed.length > limit ? trimmed.slice(0, limit) : trimmed\n}`,
        sink: false,
      },
      body: `const ${s.v} = tidyText(${s.read})\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'object',
    why: 'The input is stored under the very key that is read.',
    parts: (s) => ({
      body: `const options = { limit: 20, ${s.v}: ${s.read} }\n${finish(s, `options.${s.v}`)}`,
    }),
  },
  {
    variant: 'spread',
    why: 'Spreading copies the input into the new object, after the default.',
    parts: (s) => ({
      body: `const given = { ${s.v}: ${s.read} }\nconst options = { ${s.v}: ${harmless(s)}, ...given }\n${finish(s, `options.${s.v}`)}`,
    }),
  },
  {
    variant: 'array',
    why: 'The input is the element of the array that is read.',
    parts: (s) => ({
      body: `const values${s.type('string[]')} = ['unused']\nvalues.push(${s.read})\n${finish(s, 'values[1]')}`,
    }),
  },
  {
    variant: 'map-object',
    why: 'The map gives back what was stored under the key.',
    parts: (s) => ({
      body: `const options = new Map()\noptions.set('${s.v}', ${s.read})\nconst ${s.v} = options.get('${s.v}')\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'loop',
    why: 'The loop keeps the last part of the input that is not empty.',
    parts: (s) => ({
      body: `let ${s.v} = ${harmless(s)}\nfor (const part of ${read(s)}.split('|')) {\n  if (part !== '') ${s.v} = part\n}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'array-map',
    why: 'Every part of the input passes through the callback trimmed only.',
    parts: (s) => ({
      body: `const parts = ${read(s)}.split('|').map((part${s.text}) => part.trim())\n${finish(s, 'parts[0]')}`,
    }),
  },
  {
    variant: 'reduce',
    why: 'The reduction keeps the longest part of the input.',
    parts: (s) => ({
      body: `const ${s.v} = ${read(s)}\n  .split('|')\n  .reduce((longest${s.text}, part${s.text}) => (part.length > longest.length ? part : longest), '')\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'default-argument',
    why: 'Only when the argument is missing does the harmless default apply.',
    parts: (s) => ({
      top: s.sinkFunction(s.verb, s.v).replace(`${s.v}${s.text})`, `${s.v}${s.text} = ${harmless(s)})`),
      body: s.delegate(`${s.verb}(${s.context}${s.read})`),
    }),
  },
  {
    variant: 'fallback',
    why: 'The literal stands in only for an empty input.',
    parts: (s) => ({ body: `const ${s.v} = ${read(s)} || ${harmless(s)}\n${finish(s, s.v)}` }),
  },
  {
    variant: 'ternary',
    why: 'One side of the condition is the input.',
    parts: (s) => ({
      body: `const given = ${s.read}\nconst ${s.v} = given ? given : ${harmless(s)}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'callback',
    why: 'The callback is called with the input.',
    parts: (s) => ({
      top: `function withValue(value${s.text}, action${s.type('(value: string) => string')}) {\n  return action(value.trim())\n}`,
      body: `const ${s.v} = withValue(${s.read}, (value) => value.slice(0, 300))\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'closure',
    why: 'The inner function sees the input of the outer one.',
    parts: (s) => ({
      body: `const ${s.v} = ${s.read}\nconst current = () => ${s.v}\n${finish(s, 'current()')}`,
    }),
  },
  {
    variant: 'async-helper',
    why: 'The promise is fulfilled with the input.',
    parts: (s) =>
      ['dom', 'react'].includes(s.framework.name)
        ? undefined
        : {
            top: `async function prepare(value${s.text}) {\n  return value.trim()\n}`,
            body: `const ${s.v} = await prepare(${s.read})\n${finish(s, s.v)}`,
          },
  },
  {
    variant: 'promise-then',
    why: 'The callback of then gets the input the promise was resolved with.',
    parts: (s) =>
      ['dom', 'react'].includes(s.framework.name)
        ? undefined
        : {
            body: `const ${s.v} = await Promise.resolve(${s.read}).then((value) => value.trim())\n${finish(s, s.v)}`,
          },
  },
  {
    variant: 'switch',
    why: 'The default case lets every other input through.',
    parts: (s) => ({
      body: `let ${s.v} = ${s.read}\nswitch (${s.v}) {\n  case '':\n    ${s.v} = ${harmless(s)}\n    break\n  default:\n    ${s.v} = ${s.v}.trim()\n}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'one-branch-overwritten',
    why: 'Only the empty input is replaced by the literal.',
    parts: (s) => ({
      body: `let ${s.v} = ${s.read}\nif (${s.v}.length === 0) {\n  ${s.v} = ${JSON.stringify(s.sink.allowed[1])}\n}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'validation-ignored',
    why: 'Nobody looks at what the check returned.',
    parts: (s) => ({
      top: `${allowed(s)}\n\nfunction isAllowed(value${s.text}) {\n  return ALLOWED.includes(value)\n}`,
      body: `const ${s.v} = ${s.read}\nisAllowed(${s.v})\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'guard-other-variable',
    why: 'The guard checks another variable than the one that is used.',
    parts: (s) => ({
      top: allowed(s),
      body: `const ${s.v} = ${s.read}\nconst kind = ${harmless(s)}\nif (!ALLOWED.includes(kind)) {\n  ${s.deny}\n}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'guard-after-use',
    why: 'The guard comes after the sink has done its work.',
    parts: (s) =>
      s.sink.out === undefined || withoutTrace.has(s.sink.weakness)
        ? undefined
        : {
            top: allowed(s),
            body: `const ${s.v} = ${s.read}\n${s.use(s.v)}\nif (!ALLOWED.includes(${s.v})) {\n  ${s.deny}\n}\n${s.answer}`,
          },
  },
  {
    variant: 'guard-without-effect',
    why: 'The refused input is only counted: the function goes on.',
    parts: (s) => ({
      top: `${allowed(s)}\nlet refused = 0`,
      body: `const ${s.v} = ${s.read}\nif (!ALLOWED.includes(${s.v})) {\n  refused += 1\n}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'substring-regex',
    why: 'Without anchors the expression is content with one harmless character anywhere.',
    parts: (s) => ({
      body: `const ${s.v} = ${s.read}\nif (!/[A-Za-z0-9]+/.test(${s.v})) {\n  ${s.deny}\n}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'length-only',
    why: 'A limit on the length leaves enough room for an attack.',
    parts: (s) => ({
      body: `const ${s.v} = ${s.read}\nif (${s.v}.length > 200) {\n  ${s.deny}\n}\n${finish(s, s.v)}`,
    }),
  },
]
