import { InvalidArgumentError, Option } from 'commander'

/** From worst to least; kept here so that help needs no other room. A test compares them with the findings room's. */
export const severityNames = ['critical', 'high', 'medium', 'low', 'info'] as const
export type SeverityName = (typeof severityNames)[number]

/** `--json`, the same for every command. */
export const jsonOption = (): Option => new Option('--json', 'print one JSON object instead of text')

/** `a, b` → `['a', 'b']`. */
export function commaSeparated(value: string): string[] {
  const parts = value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  if (parts.length === 0) throw new InvalidArgumentError('Name at least one.')
  return parts
}

/** A parser of whole numbers within bounds. */
export function wholeNumber(from: number, to: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (!/^\d+$/.test(value) || number < from || number > to) {
      throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`)
    }
    return number
  }
}

export const retryOutcomes = ['error', 'timed_out', 'cancelled'] as const

const runners = ['auto', 'process', 'docker'] as const
export type Runner = (typeof runners)[number]

/** `--runner`, for commands that start apps. */
export const runnerOption = (): Option =>
  new Option(
    '--runner <kind>',
    'the sandbox: bubblewrap (process), the Docker API (docker) or the first that works',
  ).choices(runners)
