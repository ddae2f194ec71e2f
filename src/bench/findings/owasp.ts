import { type OwaspCategory, owaspTop10 } from './owasp-table.ts'

const categoryOfCwe = new Map<number, OwaspCategory>()
const nameOfCwe = new Map<number, string>()
for (const category of owaspTop10) {
  for (const [cwe, name] of Object.entries({ ...category.assigned, ...category.mapped })) {
    categoryOfCwe.set(Number(cwe), category)
    nameOfCwe.set(Number(cwe), name)
  }
}

/**
 * The OWASP Top 10:2025 category, such as `A05:2025`, of the first CWE that has one: the most specific decides.
 * Undefined when none has.
 */
export function owaspOf(cwe: readonly number[]): string | undefined {
  for (const number of cwe) {
    const category = categoryOfCwe.get(number)
    if (category !== undefined) return category.id
  }
  return undefined
}

/** The name of a category id: `Injection` for `A05:2025`. */
export function owaspName(id: string): string | undefined {
  return owaspTop10.find((category) => category.id === id)?.name
}

/** The short name of a CWE in the table: `SQL injection` for 89. */
export function cweName(cwe: number): string | undefined {
  return nameOfCwe.get(cwe)
}
