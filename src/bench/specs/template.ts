import { InvalidInput } from '#platform/errors'
import type { Variable } from './format.ts'
import { randomValue } from './random.ts'

export type Values = ReadonlyMap<string, string>

/** `text` with every `{{name}}` replaced. @throws InvalidInput for a name without a value */
export function fillText(text: string, values: Values): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
    const value = values.get(name)
    if (value === undefined) {
      throw new InvalidInput(`The variable {{${name}}} has no value here.`, {
        next: 'Declare it under variables, or capture it in an earlier step.',
      })
    }
    return value
  })
}

/**
 * The same for every text inside a JSON value. A text that is nothing but `{{name | number}}` becomes a number: ids that were
 * numbers when captured can be sent back as numbers.
 */
export function fillJson(value: unknown, values: Values): unknown {
  if (typeof value === 'string') {
    const number = /^\{\{\s*(\w+)\s*\|\s*number\s*\}\}$/.exec(value)?.[1]
    return number === undefined ? fillText(value, values) : Number(fillText(`{{${number}}}`, values))
  }
  if (Array.isArray(value)) return value.map((inner: unknown) => fillJson(inner, values))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [key, fillJson(inner, values)]),
  )
}

/** The declared variables of a flow with their values; random ones depend on `seed`, the flow and their name alone. */
export function initialValues(
  declared: readonly (Readonly<Record<string, Variable>> | undefined)[],
  seed: string,
): Map<string, string> {
  const values = new Map<string, string>()
  for (const [name, variable] of declared.flatMap((each) => Object.entries(each ?? {}))) {
    values.set(
      name,
      typeof variable === 'object'
        ? randomValue(variable.random, `${seed}\n${name}`)
        : fillText(String(variable), values),
    )
  }
  return values
}
