import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Proof } from './proof.ts'
import type { RuleId } from './rules.ts'

const labelSchema = z.strictObject({
  /** `{class}/vulnerable-{stack}`. */
  app: z.string(),
  rule: z.string(),
  method: z.string(),
  path: z.string(),
  /** Missing where the flaw is not of one parameter. */
  parameter: z.string().optional(),
})

/** A flaw planted in one of the apps that attacks are tried on. */
export type PlantedFlaw = z.infer<typeof labelSchema>

/** The apps: one folder for each class, with a vulnerable and a safe app for each stack. They run in the sandbox only. */
export const suiteFolder = join(import.meta.dirname, 'fixtures')

export const stacks = ['node', 'flask'] as const

/** Every flaw planted in the suite. */
export function plantedFlaws(): PlantedFlaw[] {
  return z.array(labelSchema).parse(JSON.parse(readFileSync(join(suiteFolder, 'labels.json'), 'utf8')))
}

/** Whether a proof shows the planted flaw. */
export function shows({ rule, endpoint, parameter }: Proof, flaw: PlantedFlaw): boolean {
  const place = rule === flaw.rule && endpoint.method === flaw.method && endpoint.path === flaw.path
  return place && (flaw.parameter === undefined || parameter?.name === flaw.parameter)
}

/** The rules that the apps of a class are about: a safe app of the class must not be accused of any. */
export function rulesOf(name: string, flaws: readonly PlantedFlaw[]): ReadonlySet<string> {
  return new Set(flaws.filter(({ app }) => app.startsWith(`${name}/`)).map(({ rule }): RuleId | string => rule))
}
