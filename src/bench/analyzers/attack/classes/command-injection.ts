import { bodyOf } from '../http/answer.ts'
import type { Lab } from '../lab.ts'
import type { AttackClass, Proof, Target } from '../proof.ts'
import { eachTarget, targetsFor, titleOf, usual } from './each-target.ts'

const words =
  /\bos\.(?:system|popen|exec\w*|spawn\w*)\s*\(|\bsubprocess\b|\bchild_process\b|\bcommands\.getoutput|\bshelljs\b|\bexeca\b/

/** Ways out of where a value stands in a command line. The first does all three kinds of quoting at once. */
const families: readonly (readonly [name: string, write: (value: string, command: string) => string])[] = [
  ['separator', (value, command) => `${value};${command};#\${IFS}';${command};#\${IFS}";${command};#`],
  ['substitution', (value, command) => `${value}$(${command})`],
  ['backtick', (value, command) => `${value}\`${command}\``],
  ['pipe', (value, command) => `${value}|${command}`],
  ['and', (value, command) => `${value}&&${command}`],
  ['line', (value, command) => `${value}\n${command}\n`],
]

/** Demands that a file appears which only the command could have made, and that the same text without its separators makes none. */
export const commandInjection: AttackClass = {
  id: 'command-injection',
  attack: (lab) =>
    eachTarget(lab, {
      targets: targetsFor(lab, {
        code: words,
        names: /host|ip|domain|cmd|command|file|name|path|url|target|arg|option|address|format|dir/i,
      }),
      nothing: 'The code of the app starts no programs, or takes no parameters.',
      attempt: (target) => attempt(lab, target),
    }),
}

async function attempt(lab: Lab, target: Target): Promise<Proof | undefined> {
  for (const [family, write] of families) {
    const word = lab.word()
    const [a, b] = [lab.number() % 1000, lab.number() % 1000]
    const command = `echo ${word}$((${a}*${b}))|tee ${lab.parts.canary.folder}/${word}`
    const exchange = await lab.attempt(
      target,
      write(usual(lab, target), command),
      'sends a command that writes a canary file',
    )
    const shown = bodyOf(exchange).includes(`${word}${a * b}`)
    if (!(await lab.touched(word)) && !shown) continue
    const control = lab.word()
    const plain = `echo ${control} ${lab.parts.canary.folder}/${control}`
    const without = await lab.attempt(
      target,
      `${usual(lab, target)} ${plain}`,
      'sends the same words without separators',
    )
    if (await lab.touched(control)) continue
    const processes = await lab.observed(word, ['process'])
    return {
      rule: 'command-injection',
      ...target,
      message: `A command in ${titleOf(target)} was executed: it ${shown ? `printed the product of ${a} and ${b}` : 'made a file outside the app'}.`,
      exchanges: [exchange, without],
      shows: `${word}${a * b}`,
      observed: [
        `The file ${lab.parts.canary.folder}/${word} appeared; without separators none did.`,
        ...processes.slice(0, 2).map(({ detail }) => `Started: ${detail.slice(0, 200)}`),
      ],
      family,
    }
  }
  return undefined
}
