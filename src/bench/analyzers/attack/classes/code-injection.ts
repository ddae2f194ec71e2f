import { bodyOf } from '../http/answer.ts'
import type { Lab } from '../lab.ts'
import type { AttackClass, Proof, Target } from '../proof.ts'
import { eachTarget, targetsFor, titleOf } from './each-target.ts'

const words =
  /\beval\s*\(|\bexec\s*\(|new\s+Function\b|\bFunction\s*\(|\bvm\b|runIn\w*Context|\bcompile\s*\(|setTimeout\s*\(\s*[`'"a-z]|\$where/

/** Expressions that make a file when they are evaluated. */
const writers: readonly ((file: string) => string)[] = [
  (file) => `__import__('builtins').open('${file}','w')`,
  (file) => `process.getBuiltinModule('fs').writeFileSync('${file}','1')`,
  (file) => `this.constructor.constructor('return process')().getBuiltinModule('fs').writeFileSync('${file}','1')`,
]
/** Where such an expression may stand. */
const surroundings: readonly (readonly [name: string, write: (expression: string) => string])[] = [
  ['whole', (expression) => expression],
  ['in a quoted text', (expression) => `'+str(${expression})+'`],
  ['in a text', (expression) => `'+(${expression})+'`],
  ['in a double-quoted text', (expression) => `"+(${expression.replaceAll("'", '`')})+"`],
  ['after a statement', (expression) => `1;${expression}//`],
  ['after a call', (expression) => `1);${expression}//`],
]
/** Expressions that turn the word into capitals: more than arithmetic, for evaluators without built-in names. */
const capitals: readonly ((word: string) => string)[] = [
  (word) => `'${word}'.upper()`,
  (word) => `'${word}'.toUpperCase()`,
]

/**
 * Demands that a file of a random name appears, or that a method is called on a text: a calculator does neither. The same with a
 * method that does not exist must show nothing.
 */
export const codeInjection: AttackClass = {
  id: 'code-injection',
  attack: (lab) =>
    eachTarget(lab, {
      targets: targetsFor(lab, {
        code: words,
        names: /expr|code|formula|calc|eval|filter|query|script|rule|where|equation|math|input|callback|a$|b$|x$/i,
        except: /pass|email/i,
      }),
      nothing: 'The code of the app evaluates nothing, or takes no parameters.',
      attempt: async (target) => (await writes(lab, target)) ?? (await computes(lab, target)),
    }),
}

async function writes(lab: Lab, target: Target): Promise<Proof | undefined> {
  const python = /\bdef \w+\(|\bimport flask|from flask/.test(lab.parts.code)
  const script = /\brequire\(|\bfunction\b|=>/.test(lab.parts.code)
  for (const [at, writer] of writers.entries()) {
    if ((at === 0 && !python) || (at > 0 && !script)) continue
    for (const [family, write] of surroundings) {
      const word = lab.word()
      const exchange = await lab.attempt(
        target,
        write(writer(`${lab.parts.canary.folder}/${word}`)),
        'sends an expression that writes a canary file',
      )
      if (!(await lab.touched(word))) continue
      const control = lab.word()
      const text = JSON.stringify(write(writer(`${lab.parts.canary.folder}/${control}`)))
      const quoted = await lab.attempt(target, text, 'sends the same as a quoted text')
      const evaluated = await lab.observed(word, ['evaluate'])
      return {
        rule: 'code-injection',
        ...target,
        message: `An expression in ${titleOf(target)} was evaluated: it made the file ${lab.parts.canary.folder}/${word}.`,
        exchanges: [exchange, quoted],
        observed: [
          `The file ${lab.parts.canary.folder}/${word} appeared.`,
          ...evaluated.slice(0, 1).map(({ detail }) => `Evaluated: ${detail.slice(0, 200)}`),
        ],
        family,
      }
    }
  }
  return undefined
}

async function computes(lab: Lab, target: Target): Promise<Proof | undefined> {
  for (const write of capitals) {
    const word = lab.word()
    const exchange = await lab.attempt(target, write(word), 'calls a method of a text')
    if (!bodyOf(exchange).includes(word.toUpperCase())) continue
    const control = lab.word()
    const misspelt = await lab.attempt(
      target,
      write(control).replace('per', 'pes').replace('Case', 'Cast'),
      'calls a method that does not exist',
    )
    if (bodyOf(misspelt).includes(control.toUpperCase())) continue
    return {
      rule: 'code-injection',
      ...target,
      message: `An expression in ${titleOf(target)} was evaluated: a method it called turned a random word into capitals.`,
      exchanges: [exchange, misspelt],
      shows: word.toUpperCase(),
      family: 'method call',
    }
  }
  return undefined
}
