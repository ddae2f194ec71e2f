import type { JavaScriptScene } from './javascript-scene.ts'
import { indent, quoted, type Shape } from './sink.ts'

const first = (s: JavaScriptScene) => JSON.stringify(s.sink.allowed[0])
const second = (s: JavaScriptScene) => JSON.stringify(s.sink.allowed[1])
const third = (s: JavaScriptScene) => JSON.stringify(s.sink.allowed[2])
const finish = (s: JavaScriptScene, value: string) => `${s.use(value)}\n${s.answer}`
const allowed = (s: JavaScriptScene) => `const ALLOWED = [${quoted(s.sink.allowed)}]`
const asText = (s: JavaScriptScene, number: string) => (s.sink.template === '{}' ? `String(${number})` : number)
const read = (s: JavaScriptScene) => (s.read.includes('??') ? `(${s.read})` : s.read)

/** Flows where nothing an attacker sends can do harm at the sink. */
export const javascriptSafe: readonly Shape<JavaScriptScene>[] = [
  {
    variant: 'overwritten',
    why: 'The input is replaced by a literal before it is used.',
    parts: (s) => ({
      body: `let ${s.v} = ${s.read}\nconst long = ${s.v}.length > 10\n${s.v} = long ? ${first(s)} : ${second(s)}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'literal-only',
    why: 'The sink takes a literal; the input is only measured.',
    parts: (s) => ({
      body: `const received = ${read(s)}.length\nconst ${s.v} = ${first(s)}\nif (received === 0) {\n  ${s.deny}\n}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'allow-list',
    why: 'Whatever is not on the list is refused before the sink.',
    parts: (s) => ({
      top: allowed(s),
      body: `const ${s.v} = ${s.read}\nif (!ALLOWED.includes(${s.v})) {\n  ${s.deny}\n}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'allow-set',
    why: 'Whatever is not in the set is refused before the sink.',
    parts: (s) => ({
      top: `const ALLOWED = new Set([${quoted(s.sink.allowed)}])`,
      body: `const ${s.v} = ${s.read}\nif (!ALLOWED.has(${s.v})) ${s.deny}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'allow-list-inside',
    why: 'The sink is reached only with a value of the list.',
    parts: (s) => ({
      top: allowed(s),
      body: `const ${s.v} = ${s.read}\nif (ALLOWED.includes(${s.v})) {\n${indent(finish(s, s.v).trimEnd(), 2)}\n} else {\n  ${s.deny}\n}`,
    }),
  },
  {
    variant: 'allow-list-replaced',
    why: 'An input that is not on the list is replaced by a literal.',
    parts: (s) => ({
      top: allowed(s),
      body: `const given = ${s.read}\nconst ${s.v} = ALLOWED.includes(given) ? given : ${first(s)}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'guard-helper',
    why: 'The helper throws unless the input is on the list.',
    parts: (s) => ({
      top: `${allowed(s)}\n\nfunction requireKnown(value${s.text}) {\n  if (!ALLOWED.includes(value)) ${s.refuse}\n  return value\n}`,
      body: `const ${s.v} = requireKnown(${s.read})\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'guard-predicate',
    why: 'The answer of the predicate decides whether the sink is reached.',
    parts: (s) => ({
      top: `const isKnown = (value${s.text}) => [${quoted(s.sink.allowed)}].includes(value)`,
      body: `const ${s.v} = ${s.read}\nif (!isKnown(${s.v})) {\n  ${s.deny}\n}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'other-file-guard',
    why: 'The function of the other module returns only values of its list.',
    parts: (s) => ({
      module: {
        name: 'choices',
        code: `const KNOWN = [${quoted(s.sink.allowed)}]\n\nexport function knownOrFirst(value${s.text}) {\n  return KNOWN.includes(value) ? value : KNOWN[0]\n}`,
        sink: false,
      },
      body: `const ${s.v} = knownOrFirst(${s.read})\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'number',
    why: 'After the conversion only an integer is left.',
    parts: (s) =>
      s.sink.number
        ? {
            body: `const number = Number(${s.read})\nif (!Number.isInteger(number)) {\n  ${s.deny}\n}\n${finish(s, asText(s, 'number'))}`,
          }
        : undefined,
  },
  {
    variant: 'number-helper',
    why: 'The helper returns a number between two limits.',
    parts: (s) =>
      s.sink.number
        ? {
            top: `const bounded = (text${s.text}) => Math.max(1, Math.min(1000, Number.parseInt(text, 10) || 1))`,
            body: `const number = bounded(${s.read})\n${finish(s, asText(s, 'number'))}`,
          }
        : undefined,
  },
  {
    variant: 'full-match',
    why: 'The expression is anchored at both ends and has no dangerous character.',
    parts: (s) =>
      s.sink.pattern === undefined
        ? undefined
        : {
            body: `const ${s.v} = ${s.read}\nif (!/^${s.sink.pattern.replaceAll('/', '\\/')}$/.test(${s.v})) {\n  ${s.deny}\n}\n${finish(s, s.v)}`,
          },
  },
  {
    variant: 'full-match-constant',
    why: 'Whatever the anchored expression does not match is replaced by a literal.',
    parts: (s) =>
      s.sink.pattern === undefined
        ? undefined
        : {
            top: `const EXPECTED = /^(?:${s.sink.pattern.replaceAll('/', '\\/')})$/`,
            body: `const given = ${s.read}\nconst ${s.v} = EXPECTED.test(given) ? given : ${first(s)}\n${finish(s, s.v)}`,
          },
  },
  {
    variant: 'dead-branch',
    why: 'The branch that takes the input never runs: the flag is the constant false.',
    parts: (s) => ({
      top: 'const USE_INPUT = false',
      body: `let ${s.v} = ${first(s)}\nif (USE_INPUT) {\n  ${s.v} = ${s.read}\n}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'constant-condition',
    why: 'The condition is always true, so the literal is always taken.',
    parts: (s) => ({
      body: `const width = 12\nconst ${s.v} = width * 4 > 40 ? ${second(s)} : ${s.read}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'other-key',
    why: 'The input is stored under another key than the one that is read.',
    parts: (s) => ({
      body: `const options = { comment: ${s.read}, choice: ${first(s)} }\n${finish(s, 'options.choice')}`,
    }),
  },
  {
    variant: 'other-index',
    why: 'The element that is read is a literal.',
    parts: (s) => ({
      body: `const values = [${first(s)}, ${second(s)}]\nvalues.push(${s.read})\nvalues.pop()\n${finish(s, 'values[1]')}`,
    }),
  },
  {
    variant: 'spread-overwritten',
    why: 'The literal comes after what is spread and replaces it.',
    parts: (s) => ({
      body: `const given = { ${s.v}: ${s.read} }\nconst options = { ...given, ${s.v}: ${third(s)} }\n${finish(s, `options.${s.v}`)}`,
    }),
  },
  {
    variant: 'other-field',
    why: 'The method returns the field that never held the input.',
    parts: (s) => ({
      top: `class Choice {\n${s.framework.typed ? '  note: string\n  value: string\n\n' : ''}  constructor(note${s.text}) {\n    this.note = note\n    this.value = ${third(s)}\n  }\n\n  get() {\n    return this.value\n  }\n}`,
      body: `const choice = new Choice(${s.read})\n${finish(s, 'choice.get()')}`,
    }),
  },
  {
    variant: 'table-lookup',
    why: 'The input only chooses among constants of a table.',
    parts: (s) => ({
      top: `const CHOICES = new Map([\n  ['a', ${first(s)}],\n  ['b', ${second(s)}],\n  ['c', ${third(s)}],\n])`,
      body: `const ${s.v} = CHOICES.get(${s.read}) ?? ${first(s)}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'switch',
    why: 'Every case assigns a literal.',
    parts: (s) => ({
      body: `let ${s.v} = ${first(s)}\nswitch (${s.read}) {\n  case 'new':\n    ${s.v} = ${second(s)}\n    break\n  case 'old':\n    ${s.v} = ${third(s)}\n    break\n}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'find-in-allowed',
    why: 'What is found comes from the list, not from the request.',
    parts: (s) => ({
      top: allowed(s),
      body: `const given = ${s.read}\nconst ${s.v} = ALLOWED.find((known) => known === given) ?? ${first(s)}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'helper-ignores',
    why: 'The helper returns a literal whatever it is given.',
    parts: (s) => ({
      top: `function choose(_value${s.text}) {\n  return ${first(s)}\n}`,
      body: `const ${s.v} = choose(${s.read})\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'comparison-only',
    why: 'Only whether the input equals a word decides between two literals.',
    parts: (s) => ({
      body: `const ${s.v} = ${read(s)} === 'yes' ? ${second(s)} : ${first(s)}\n${finish(s, s.v)}`,
    }),
  },
  {
    variant: 'wrapper-guard',
    why: 'The wrapper throws for every value that is not on the list before it calls the function.',
    parts: (s) => ({
      top: `${allowed(s)}\n\nfunction onlyAllowed(action${s.type('(value: string) => string')}) {\n  return (value${s.text}) => {\n    if (!ALLOWED.includes(value)) ${s.refuse}\n    return action(value)\n  }\n}\n\nconst checked = onlyAllowed((value) => value.trim())`,
      body: `const ${s.v} = checked(${s.read})\n${finish(s, s.v)}`,
    }),
  },
]
