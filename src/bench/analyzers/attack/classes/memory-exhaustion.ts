import type { Exchange } from '#bench/findings'
import { type Sandbox, SandboxEnded } from '#bench/sandbox'
import type { Lab } from '../lab.ts'
import type { AttackClass, Proof, Target } from '../proof.ts'
import { eachTarget, targetsFor, titleOf } from './each-target.ts'

const words =
  /Buffer\.alloc|\.repeat\s*\(|range\s*\(|new Array\s*\(|bytearray|\bfill\s*\(|\*\s*(?:n|size|count|length|int)\b|(?:n|size|count|length|width)\s*\*|Array\.from\s*\(\s*\{\s*length|randbytes|urandom|randomBytes/
const numbers =
  /^(?:n|size|count|length|limit|width|height|repeat|times|amount|depth|rows|num|number|pages?|per_?page|bytes|quantity|iterations)$/i
const doses = [4_000_000, 16_000_000, 64_000_000]
/** MiB that no honest answer to a small request takes. */
const large = 40

/** Demands that the memory of the sandbox grows with the number in the request, over three numbers, and not for a small one. */
export const memoryExhaustion: AttackClass = {
  id: 'memory-exhaustion',
  attack: (lab) =>
    eachTarget(lab, {
      targets: targetsFor(lab, { code: words }).filter(({ parameter }) => numbers.test(parameter.name)),
      nothing: 'No parameter looks like an amount.',
      width: 1,
      attempt: (target) => attempt(lab, target),
    }),
}

async function attempt(lab: Lab, target: Target): Promise<Proof | undefined> {
  await lab.attempt(target, 10, 'sends a small number')
  // Asked for anew: after a restart the app is in another sandbox.
  const { sandbox } = lab.parts.running
  const before = (await sandbox.usage()).peakMemory
  const grown: number[] = []
  let last: Exchange | undefined
  for (const dose of doses) {
    last = await lab.attempt(target, dose, `sends the number ${dose}`)
    const used = await peakOf(sandbox)
    if (used === undefined) return ended(target, dose, last)
    grown.push(used - before)
    if ((grown.at(-1) ?? 0) > 6 * large) break
  }
  const [small = 0, ...rest] = grown
  const most = rest.at(-1) ?? 0
  if (last === undefined || most < large || most < 2 * small) return undefined
  return {
    rule: 'memory-exhaustion',
    ...target,
    message: `The number in ${titleOf(target)} decides how much memory is taken: ${grown.map((growth, at) => `${Math.round(growth)} MiB more after ${doses[at]}`).join(', ')}.`,
    exchanges: [last],
    observed: [`The highest memory of the sandbox rose by ${Math.round(most)} MiB.`],
    family: 'number',
  }
}

/** MiB at the highest; undefined when the sandbox is no more, because what ran in it took more than it was given. */
async function peakOf(sandbox: Sandbox): Promise<number | undefined> {
  try {
    return (await sandbox.usage()).peakMemory
  } catch (error) {
    if (error instanceof SandboxEnded && error.end.reason === 'memory') return undefined
    throw error
  }
}

function ended(target: Target, dose: number, exchange: Exchange): Proof {
  return {
    rule: 'memory-exhaustion',
    ...target,
    message: `The number in ${titleOf(target)} decides how much memory is taken: ${dose} took all the sandbox had, and ended the app.`,
    exchanges: [exchange],
    observed: ['The sandbox was stopped because the app took more memory than it was given.'],
    family: 'number',
  }
}
