import { bodyOf } from '../http/answer.ts'
import type { Lab } from '../lab.ts'
import type { AttackClass, Proof, Target } from '../proof.ts'
import { eachTarget, targetsFor, titleOf } from './each-target.ts'

const words =
  /render_template_string|\bTemplate\s*\(|from_string|Environment\s*\(|\bejs\b|handlebars|nunjucks|\bpug\b|mustache|\bdot\b|_\.template|compile\s*\(|new Function|\$\{|\{\{|<%/

const families: readonly (readonly [name: string, write: (expression: string) => string])[] = [
  ['double braces', (expression) => `{{${expression}}}`],
  ['dollar braces', (expression) => `\${${expression}}`],
  ['percent tags', (expression) => `<%= ${expression} %>`],
  ['hash braces', (expression) => `#{${expression}}`],
]

/** Demands the product of two random numbers where only an evaluated expression gives it, twice, and not for the same text in quotes. */
export const templateInjection: AttackClass = {
  id: 'template-injection',
  attack: (lab) =>
    eachTarget(lab, {
      targets: targetsFor(lab, {
        code: words,
        names: /template|name|message|text|content|title|greeting|body|format|subject/i,
        except: /pass|email/i,
      }),
      nothing: 'The code of the app compiles no templates, or takes no parameters.',
      attempt: (target) => attempt(lab, target),
    }),
}

async function attempt(lab: Lab, target: Target): Promise<Proof | undefined> {
  for (const [family, write] of families) {
    const first = await evaluated(lab, target, write)
    if (first === undefined) continue
    const second = await evaluated(lab, target, write)
    if (second === undefined) continue
    const word = lab.word()
    const [a, b] = [lab.number(), lab.number()]
    const quoted = await lab.attempt(target, `${word}${write(`'${a}*${b}'`)}${word}`, 'sends the same as a quoted text')
    if (bodyOf(quoted).includes(`${word}${a * b}`)) continue
    return {
      rule: 'template-injection',
      ...target,
      message: `An expression in ${titleOf(target)} was evaluated: the answer holds the product of two random numbers.`,
      exchanges: [second.exchange, quoted],
      shows: second.shows,
      family,
    }
  }
  return undefined
}

async function evaluated(lab: Lab, target: Target, write: (expression: string) => string) {
  const word = lab.word()
  const [a, b] = [lab.number(), lab.number()]
  const exchange = await lab.attempt(
    target,
    `${word}${write(`${a}*${b}`)}${word}`,
    `sends an expression whose value is ${a * b}`,
  )
  const shows = `${word}${a * b}${word}`
  return bodyOf(exchange).includes(shows) ? { exchange, shows } : undefined
}
