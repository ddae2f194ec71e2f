import { normalisePythonName } from '#bench/manifests'
import { Unavailable } from '#platform/errors'
import type { LaunchFailure, Provision } from '../contract.ts'
import { distributionOf } from './distributions.ts'

/**
 * Whether a package that is missing is the fault of this machine: the app declares it, and the registry that has it could not be asked.
 *
 * @param declared names of packages as the app's manifests give them
 * @throws Unavailable when it is
 */
export function blameMachine(
  failure: LaunchFailure,
  provisions: readonly Provision[],
  declared: ReadonlySet<string>,
): void {
  const { package: name } = failure
  if (failure.kind !== 'missing-package' || name === undefined) return
  const unreachable = provisions.map((provision) => provision.unreachable).find((reason) => reason !== undefined)
  if (unreachable === undefined) return
  const plain = normalisePythonName(name)
  const names = [name, plain, distributionOf(name), ...(plain === 'psycopg2' ? ['psycopg2-binary'] : [])]
  // Programs of packages have names of their own: `vite`, `tsc`.
  const isProgram = failure.message.startsWith('The command')
  if (!isProgram && !names.some((each) => declared.has(each))) return
  throw new Unavailable(`The package ${name} is declared, but cannot be installed on this machine: ${unreachable}`, {
    next: 'Make the registry reachable, or configure a mirror of it for npm or pip.',
  })
}
