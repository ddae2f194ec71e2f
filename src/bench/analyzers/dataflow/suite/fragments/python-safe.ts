import { indent, quoted, type Scene, type Shape } from './sink.ts'

const first = (s: Scene) => JSON.stringify(s.sink.allowed[0])
const second = (s: Scene) => JSON.stringify(s.sink.allowed[1])
const third = (s: Scene) => JSON.stringify(s.sink.allowed[2])
const allowedSet = (s: Scene) => `ALLOWED = {${quoted(s.sink.allowed)}}`
const asText = (s: Scene, number: string) => (s.sink.template === '{}' ? `str(${number})` : number)

/** Flows where nothing an attacker sends can do harm at the sink. */
export const pythonSafe: readonly Shape[] = [
  {
    variant: 'overwritten',
    why: 'The input is replaced by a literal before it is used.',
    parts: (s) => ({
      body: `${s.v} = ${s.read}\nlength = len(${s.v})\n${s.v} = ${first(s)} if length > 10 else ${second(s)}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'literal-only',
    why: 'The sink takes a literal; the input is only measured.',
    parts: (s) => ({
      body: `received = len(${s.read})\n${s.v} = ${first(s)}\nif received == 0:\n    ${s.deny}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'allow-list',
    why: 'Whatever is not on the list is refused before the sink.',
    parts: (s) => ({
      top: allowedSet(s),
      body: `${s.v} = ${s.read}\nif ${s.v} not in ALLOWED:\n    ${s.deny}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'allow-list-inside',
    why: 'The sink is reached only with a value of the list.',
    parts: (s) => ({
      top: allowedSet(s),
      body: `${s.v} = ${s.read}\nif ${s.v} in ALLOWED:\n${indent(`${s.use(s.v)}\n${s.answer}`, 4)}\n${s.deny}`,
    }),
  },
  {
    variant: 'allow-list-replaced',
    why: 'An input that is not on the list is replaced by a literal.',
    parts: (s) => ({
      body: `${s.v} = ${s.read}\nif ${s.v} not in (${quoted(s.sink.allowed)}):\n    ${s.v} = ${first(s)}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'guard-helper',
    why: 'The helper raises unless the input is on the list.',
    parts: (s) => ({
      top: `${allowedSet(s)}\n\n\ndef require_known(value):\n    if value not in ALLOWED:\n        ${s.refuse}\n    return value`,
      body: `${s.v} = require_known(${s.read})\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'guard-predicate',
    why: 'The answer of the predicate decides whether the sink is reached.',
    parts: (s) => ({
      top: `def is_known(value):\n    return value in (${quoted(s.sink.allowed)})`,
      body: `${s.v} = ${s.read}\nif not is_known(${s.v}):\n    ${s.deny}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'other-file-guard',
    why: 'The function of the other module returns only values of its list.',
    parts: (s) => ({
      module: {
        name: 'choices',
        code: `KNOWN = [${quoted(s.sink.allowed)}]\n\n\ndef known_or_first(value):\n    return value if value in KNOWN else KNOWN[0]`,
        sink: false,
      },
      body: `${s.v} = known_or_first(${s.read})\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'number',
    why: 'After the conversion only an integer is left.',
    parts: (s) =>
      s.sink.number
        ? {
            body: `try:\n    number = int(${s.read})\nexcept ValueError:\n    ${s.deny}\n${s.use(asText(s, 'number'))}\n${s.answer}`,
          }
        : undefined,
  },
  {
    variant: 'number-helper',
    why: 'The helper returns an integer between two limits.',
    parts: (s) =>
      s.sink.number
        ? {
            top: `def bounded(text, low=1, high=1000):\n    return max(low, min(high, int(text)))`,
            body: `number = bounded(${s.read})\n${s.use(asText(s, 'number'))}\n${s.answer}`,
          }
        : undefined,
  },
  {
    variant: 'full-match',
    why: 'The expression must match all of the input and has no dangerous character.',
    parts: (s) =>
      s.sink.pattern === undefined
        ? undefined
        : {
            imports: ['import re'],
            body: `${s.v} = ${s.read}\nif not re.fullmatch(r"${s.sink.pattern}", ${s.v}):\n    ${s.deny}\n${s.use(s.v)}\n${s.answer}`,
          },
  },
  {
    variant: 'full-match-compiled',
    why: 'The compiled expression is anchored at both ends and has no dangerous character.',
    parts: (s) =>
      s.sink.pattern === undefined
        ? undefined
        : {
            imports: ['import re'],
            top: `EXPECTED = re.compile(r"\\A${s.sink.pattern}\\Z")`,
            body: `${s.v} = ${s.read}\nif EXPECTED.match(${s.v}) is None:\n    ${s.deny}\n${s.use(s.v)}\n${s.answer}`,
          },
  },
  {
    variant: 'dead-branch',
    why: 'The branch that takes the input never runs: the flag is the constant False.',
    parts: (s) => ({
      top: 'USE_INPUT = False',
      body: `${s.v} = ${first(s)}\nif USE_INPUT:\n    ${s.v} = ${s.read}${s.read === s.v ? '.strip()' : ''}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'constant-condition',
    why: 'The condition is always true, so the literal is always taken.',
    parts: (s) => ({
      body: `width = 12\n${s.v} = ${second(s)} if width * 4 > 40 else ${s.read}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'other-key',
    why: 'The input is stored under another key than the one that is read.',
    parts: (s) => ({
      body: `options = {"comment": ${s.read}, "choice": ${first(s)}}\n${s.use('options["choice"]')}\n${s.answer}`,
    }),
  },
  {
    variant: 'other-index',
    why: 'The element that is read is the literal; the input was taken off the list.',
    parts: (s) => ({
      body: `values = [${first(s)}, ${second(s)}]\nvalues.append(${s.read})\nvalues.pop()\n${s.v} = values[1]\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'other-field',
    why: 'The method uses the field that never held the input.',
    parts: (s) => ({
      top: `class Task:\n    def __init__(self, note):\n        self.note = note\n        self.choice = ${third(s)}\n\n    def run(self${s.context === '' ? '' : `, ${s.context.slice(0, -2)}`}):\n${indent(`${s.use('self.choice')}\n${s.giveBack}`, 8)}`,
      body: `task = Task(${s.read})\n${s.delegate(`task.run(${s.context.slice(0, -2)})`)}`,
    }),
  },
  {
    variant: 'table-lookup',
    why: 'The input only chooses among constants of a table.',
    parts: (s) => ({
      top: `CHOICES = {"a": ${first(s)}, "b": ${second(s)}, "c": ${third(s)}}`,
      body: `${s.v} = CHOICES.get(${s.read}, ${first(s)})\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'match',
    why: 'Every case of the statement assigns a literal.',
    parts: (s) => ({
      body: `match ${s.read}:\n    case "new":\n        ${s.v} = ${second(s)}\n    case "old":\n        ${s.v} = ${third(s)}\n    case _:\n        ${s.v} = ${first(s)}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'enum',
    why: 'The enumeration raises for anything that is not one of its values.',
    parts: (s) => ({
      imports: ['from enum import Enum'],
      top: `class Choice(Enum):\n    FIRST = ${first(s)}\n    SECOND = ${second(s)}\n    THIRD = ${third(s)}`,
      body: `try:\n    choice = Choice(${s.read})\nexcept ValueError:\n    ${s.deny}\n${s.use('choice.value')}\n${s.answer}`,
    }),
  },
  {
    variant: 'loop-over-allowed',
    why: 'What is picked comes from the list, not from the request.',
    parts: (s) => ({
      top: `ALLOWED = [${quoted(s.sink.allowed)}]`,
      body: `wanted = ${s.read}\n${s.v} = ALLOWED[0]\nfor known in ALLOWED:\n    if known == wanted:\n        ${s.v} = known\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'helper-ignores',
    why: 'The helper returns a literal whatever it is given.',
    parts: (s) => ({
      top: `def choose(_value):\n    return ${first(s)}`,
      body: `${s.v} = choose(${s.read})\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'comparison-only',
    why: 'Only whether the input equals a word decides between two literals.',
    parts: (s) => ({
      body: `${s.v} = ${second(s)} if ${s.read} == "yes" else ${first(s)}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'decorator-guard',
    why: 'The decorator refuses every request whose input is not on the list.',
    parts: (s) => ({
      imports: ['from functools import wraps'],
      top: `${allowedSet(s)}\n\n\ndef only_allowed(function):\n    @wraps(function)\n    def wrapper(value, *rest):\n        if value not in ALLOWED:\n            ${s.refuse}\n        return function(value, *rest)\n\n    return wrapper\n\n\n@only_allowed\ndef ${s.verb}(${s.v}${s.context === '' ? '' : `, ${s.context.slice(0, -2)}`}):\n${indent(`${s.use(s.v)}\n${s.giveBack}`, 4)}`,
      body: s.delegate(`${s.verb}(${s.read}${s.context === '' ? '' : `, ${s.context.slice(0, -2)}`})`),
    }),
  },
]
