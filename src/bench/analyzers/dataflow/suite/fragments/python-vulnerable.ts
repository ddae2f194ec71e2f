import { indent, quoted, type Shape } from './sink.ts'

/** What only reads: a refusal afterwards leaves the attacker with nothing. */
const withoutTrace: ReadonlySet<string> = new Set(['path-traversal', 'xpath-injection', 'ldap-injection'])

/** Flows that carry what an attacker sends, unchanged in kind, from the request to the sink. */
export const pythonVulnerable: readonly Shape[] = [
  {
    variant: 'direct',
    why: 'What the request carries goes straight into the sink.',
    parts: (s) => ({ body: `${s.v} = ${s.read}\n${s.use(s.v)}\n${s.answer}` }),
  },
  {
    variant: 'inline',
    why: 'The request is read inside the expression the sink takes.',
    parts: (s) => ({ body: `${s.use(s.read)}\n${s.answer}` }),
  },
  {
    variant: 'variable',
    why: 'Passing a value through several variables does not change it.',
    parts: (s) => ({ body: `raw = ${s.read}\ncleaned = raw.strip()\n${s.v} = cleaned\n${s.use(s.v)}\n${s.answer}` }),
  },
  {
    variant: 'helper-sink',
    why: 'The function called with the input holds the sink.',
    parts: (s) => ({
      top: `def ${s.verb}(${s.context}${s.v}):\n${indent(`${s.use(s.v)}\n${s.giveBack}`, 4)}`,
      body: `${s.v} = ${s.read}\n${s.delegate(`${s.verb}(${s.context}${s.v})`)}`,
    }),
  },
  {
    variant: 'helper-source',
    why: 'The function that reads the request returns the input unchanged.',
    parts: (s) => {
      if (!s.read.includes('request.')) return undefined
      return {
        top: `def read_${s.v}(${s.request}):\n    value = ${s.read}\n    return value.strip()`,
        body: `${s.v} = read_${s.v}(${s.request})\n${s.use(s.v)}\n${s.answer}`,
      }
    },
  },
  {
    variant: 'helper-passes',
    why: 'The helper changes the length and the case of the input, not what it can contain.',
    parts: (s) => ({
      top: `def normalise(text):\n    text = text.strip()\n    return text[:500]`,
      body: `${s.v} = normalise(${s.read})\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'instance-field',
    why: 'The input is kept in a field by the constructor and used by a method.',
    parts: (s) => ({
      top: `class Task:\n    def __init__(self, ${s.v}):\n        self.${s.v} = ${s.v}\n\n    def run(self${s.context === '' ? '' : `, ${s.context.slice(0, -2)}`}):\n${indent(`${s.use(`self.${s.v}`)}\n${s.giveBack}`, 8)}`,
      body: `task = Task(${s.read})\n${s.delegate(`task.run(${s.context.slice(0, -2)})`)}`,
    }),
  },
  {
    variant: 'dataclass-field',
    why: 'A data class carries the input to the sink.',
    parts: (s) => ({
      imports: ['from dataclasses import dataclass'],
      top: `@dataclass\nclass Options:\n    ${s.v}: str\n    limit: int = 20`,
      body: `options = Options(${s.v}=${s.read})\n${s.use(`options.${s.v}`)}\n${s.answer}`,
    }),
  },
  {
    variant: 'other-file-sink',
    why: 'The sink is in a function of another module.',
    parts: (s) => ({
      module: {
        name: 'services',
        code: `def ${s.verb}(${s.context}${s.v}):\n${indent(`${s.use(s.v)}\n${s.giveBack}`, 4)}`,
        sink: true,
      },
      body: `${s.v} = ${s.read}\n${s.delegate(`${s.verb}(${s.context}${s.v})`)}`,
    }),
  },
  {
    variant: 'other-file-passes',
    why: 'A function of another module gives the input back trimmed only.',
    parts: (s) => ({
      module: {
        name: 'text_tools',
        code: `def tidy_text(value, limit=500):\n    value = value.strip()\n    if len(value) > limit:\n        value = value[:limit]\n    return value`,
        sink: false,
      },
      body: `${s.v} = tidy_text(${s.read})\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'dict',
    why: 'The input is stored under the very key that is read.',
    parts: (s) => ({
      body: `options = {"${s.v}": ${s.read}, "limit": 20}\n${s.use(`options["${s.v}"]`)}\n${s.answer}`,
    }),
  },
  {
    variant: 'list',
    why: 'The input is the element of the list that is read.',
    parts: (s) => ({
      body: `values = ["unused"]\nvalues.append(${s.read})\n${s.v} = values[1]\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'loop',
    why: 'The loop keeps the last part of the input that is not empty.',
    parts: (s) => ({
      body: `${s.v} = ${JSON.stringify(s.sink.allowed[0])}\nfor part in ${s.read}.split("|"):\n    if part:\n        ${s.v} = part\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'comprehension',
    why: 'Every part of the input passes through the comprehension.',
    parts: (s) => ({
      body: `parts = [part.strip() for part in ${s.read}.split("|") if part]\n${s.v} = parts[-1] if parts else ${JSON.stringify(s.sink.allowed[0])}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'default-argument',
    why: 'Only when the argument is missing does the harmless default apply.',
    parts: (s) => ({
      top: `def ${s.verb}(${s.context}limit=20, ${s.v}=${JSON.stringify(s.sink.allowed[0])}):\n${indent(`${s.use(s.v)}\n${s.giveBack}`, 4)}`,
      body: s.delegate(`${s.verb}(${s.context}${s.v}=${s.read})`),
    }),
  },
  {
    variant: 'fallback',
    why: 'The literal stands in only for an empty input.',
    parts: (s) => ({
      body: `${s.v} = ${s.read} or ${JSON.stringify(s.sink.allowed[0])}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'decorator',
    why: 'The decorator reads the request and hands the input to the function it wraps.',
    parts: (s) => {
      if (!s.read.includes('request.')) return undefined
      const wrapped = `@with_${s.v}\ndef ${s.verb}(${s.context}${s.v}):\n${indent(`${s.use(s.v)}\n${s.giveBack}`, 4)}`
      return {
        imports: ['from functools import wraps'],
        top: `def with_${s.v}(function):\n    @wraps(function)\n    def wrapper(${s.request === '' ? '' : `${s.request}, `}*args):\n        return function(*args, ${s.read})\n\n    return wrapper\n\n\n${wrapped}`,
        body: s.delegate(`${s.verb}(${[s.request, s.context.slice(0, -2)].filter((name) => name !== '').join(', ')})`),
      }
    },
  },
  {
    variant: 'callback',
    why: 'The callback is called with the input.',
    parts: (s) => ({
      top: `def with_value(value, action):\n    return action(value.strip())`,
      body: `def action(${s.v}):\n${indent(`${s.use(s.v)}\n${s.giveBack}`, 4)}\n\n${s.delegate(`with_value(${s.read}, action)`)}`,
    }),
  },
  {
    variant: 'closure',
    why: 'The inner function sees the input of the outer one.',
    parts: (s) => ({
      body: `${s.v} = ${s.read}\n\ndef run():\n${indent(`${s.use(s.v)}\n${s.giveBack}`, 4)}\n\n${s.delegate('run()')}`,
    }),
  },
  {
    variant: 'lambda-map',
    why: 'The lambda trims the parts of the input and nothing else.',
    parts: (s) => ({
      body: `parts = list(map(lambda part: part.strip(), ${s.read}.split("|")))\n${s.v} = parts[0]\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'unpacking',
    why: 'Unpacking gives the input the first name.',
    parts: (s) => ({ body: `${s.v}, limit = ${s.read}, 20\n${s.use(s.v)}\n${s.answer}` }),
  },
  {
    variant: 'walrus',
    why: 'The condition only asks whether the input is empty.',
    parts: (s) => ({
      body: `if not (${s.v} := ${s.read}${s.read === s.v ? '.strip()' : ''}):\n    ${s.deny}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'match',
    why: 'The last case lets every other input through.',
    parts: (s) => ({
      body: `match ${s.read}:\n    case "":\n        ${s.v} = ${JSON.stringify(s.sink.allowed[0])}\n    case other:\n        ${s.v} = other\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'one-branch-overwritten',
    why: 'Only the empty input is replaced by the literal.',
    parts: (s) => ({
      body: `${s.v} = ${s.read}\nif len(${s.v}) == 0:\n    ${s.v} = ${JSON.stringify(s.sink.allowed[1])}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'validation-swallowed',
    why: 'The failed conversion is swallowed and the input used all the same.',
    parts: (s) => ({
      body: `${s.v} = ${s.read}\ntry:\n    int(${s.v})\nexcept ValueError:\n    pass\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'validation-ignored',
    why: 'Nobody looks at what the check returned.',
    parts: (s) => ({
      top: `ALLOWED = {${quoted(s.sink.allowed)}}\n\n\ndef is_allowed(value):\n    return value in ALLOWED`,
      body: `${s.v} = ${s.read}\nis_allowed(${s.v})\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'guard-other-variable',
    why: 'The guard checks another variable than the one that is used.',
    parts: (s) => ({
      top: `ALLOWED = {${quoted(s.sink.allowed)}}`,
      body: `${s.v} = ${s.read}\nkind = ${JSON.stringify(s.sink.allowed[0])}\nif kind not in ALLOWED:\n    ${s.deny}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'guard-after-use',
    why: 'The guard comes after the sink has done its work.',
    parts: (s) =>
      s.sink.out === undefined || withoutTrace.has(s.sink.weakness)
        ? undefined
        : {
            top: `ALLOWED = {${quoted(s.sink.allowed)}}`,
            body: `${s.v} = ${s.read}\n${s.use(s.v)}\nif ${s.v} not in ALLOWED:\n    ${s.deny}\n${s.answer}`,
          },
  },
  {
    variant: 'guard-without-effect',
    why: 'The refused input is only counted: the function goes on.',
    parts: (s) => ({
      top: `ALLOWED = {${quoted(s.sink.allowed)}}\nREFUSED = []`,
      body: `${s.v} = ${s.read}\nif ${s.v} not in ALLOWED:\n    REFUSED.append(len(${s.v}))\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'substring-regex',
    why: 'Without anchors the expression is content with one harmless character anywhere.',
    parts: (s) => ({
      imports: ['import re'],
      body: `${s.v} = ${s.read}\nif not re.search(r"[A-Za-z0-9]+", ${s.v}):\n    ${s.deny}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
  {
    variant: 'length-only',
    why: 'A limit on the length leaves enough room for an attack.',
    parts: (s) => ({
      body: `${s.v} = ${s.read}\nif len(${s.v}) > 200:\n    ${s.deny}\n${s.use(s.v)}\n${s.answer}`,
    }),
  },
]
