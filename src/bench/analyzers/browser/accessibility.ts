import { z } from 'zod'
import type { World } from './world.ts'

const nodeSchema = z.object({ target: z.array(z.unknown()), html: z.string(), failureSummary: z.string().optional() })
const resultSchema = z.object({
  violations: z.array(z.object({ id: z.string(), help: z.string(), nodes: z.array(nodeSchema) })),
  incomplete: z.array(z.object({ id: z.string() })),
})

/** One rule of axe that a page breaks. */
export interface Violation {
  readonly rule: string
  readonly places: readonly { readonly selector: string; readonly html: string; readonly summary: string }[]
}

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What axe-core finds on the page as it stands, by WCAG 2.2 AA. @param without rules the page cannot be judged by */
export async function violationsOn(world: World, without: readonly string[]): Promise<readonly Violation[]> {
  await world.bringAxe()
  const options = {
    runOnly: tags,
    resultTypes: ['violations'],
    rules: Object.fromEntries(without.map((id) => [id, { enabled: false }])),
  }
  const { violations } = await world.ask(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations, incomplete }) => ({
      violations: violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target, html, failureSummary }) => ({ target, html, failureSummary })) })),
      incomplete: incomplete.map(({ id }) => ({ id })),
    }))`,
    resultSchema,
  )
  return violations.map(({ id, nodes }) => ({
    rule: id,
    places: nodes.map(({ target, html, failureSummary }) => ({
      selector: target.flat().map(String).join(' '),
      html: html.replace(/\s+/g, ' ').slice(0, 300),
      summary: (failureSummary ?? '')
        .split('\n')
        .map((line) => line.trim())
        .slice(1, 2)
        .join(' '),
    })),
  }))
}
