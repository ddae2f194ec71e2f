import type { Confidence, RawFinding } from '#bench/findings'
import { type TextLines, textLines } from '../excerpt.ts'
import type { Hit } from './analysis/engine.ts'
import type { Place, Step } from './analysis/value.ts'
import type { ModuleIr } from './ir/ir.ts'

type Related = NonNullable<NonNullable<RawFinding['evidence']>['related']>[number]

/** Findings with the whole path as evidence: where the text enters, each step, where it does harm. */
export function findingsOf(hits: readonly Hit[], modules: readonly ModuleIr[]): RawFinding[] {
  const texts = new Map(modules.map(({ path, text }) => [path, text]))
  const lines = new Map<string, TextLines>()
  function linesOf(path: string): TextLines {
    let known = lines.get(path)
    if (known === undefined) {
      known = textLines(texts.get(path) ?? '')
      lines.set(path, known)
    }
    return known
  }
  function located(place: Place, message: string): Related {
    const region = linesOf(place.path).region(place.start, place.end)
    return { location: { kind: 'file', path: place.path, region }, message }
  }
  const ordered = [...hits].sort(
    (a, b) => compareText(a.place.path, b.place.path) || a.place.start - b.place.start || compareText(a.rule, b.rule),
  )
  return ordered.map((hit): RawFinding => {
    const at = linesOf(hit.place.path)
    const region = at.region(hit.place.start, hit.place.end)
    const { source } = hit.label
    return {
      rule: hit.rule,
      message: `${capitalised(source.input)} reaches ${hit.sink === '' ? 'this place' : hit.sink} without being made safe.`,
      location: { kind: 'file', path: hit.place.path, region },
      confidence: confidenceOf(hit),
      ...(hit.fix !== undefined && { fix: hit.fix }),
      evidence: {
        snippet: at.excerpt(region),
        related: [
          located(source, `source: ${source.input}`),
          ...stepsOf(hit.label.steps)
            .filter(({ place }) => place.path !== hit.place.path || place.start !== hit.place.start)
            .map(({ place, message }) => located(place, message)),
          located(hit.place, `sink: ${hit.sink}`),
        ],
        facts: { input: source.input },
      },
    }
  })
}

function confidenceOf(hit: Hit): Confidence {
  if (!hit.sure) return 'low'
  return hit.confidence ?? 'high'
}

function stepsOf(last: Step | undefined): Step[] {
  const steps: Step[] = []
  for (let step = last; step !== undefined; step = step.previous) steps.unshift(step)
  return steps
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function compareText(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0
}
