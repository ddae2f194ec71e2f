import type { PathStep, RawFinding } from '#bench/findings'
import { type TextLines, textLines } from '../excerpt.ts'
import { certainty, type Hit } from './analysis/engine.ts'
import type { Label, Place, Step } from './analysis/value.ts'
import { callDepths } from './depth.ts'
import type { Template } from './frontend/templates.ts'
import type { ModuleIr } from './ir/ir.ts'
import { rules } from './models/rules.ts'

/** Findings with the whole path as evidence: where the text enters, each step, where it does harm. */
export function findingsOf(
  hits: readonly Hit[],
  modules: readonly ModuleIr[],
  templates: readonly Template[] = [],
): RawFinding[] {
  const texts = new Map([...modules, ...templates].map(({ path, text }) => [path, text]))
  const lines = new Map<string, TextLines>()
  function linesOf(path: string): TextLines {
    let known = lines.get(path)
    if (known === undefined) {
      known = textLines(texts.get(path) ?? '')
      lines.set(path, known)
    }
    return known
  }
  const depthsOf = callDepths(modules)
  function pathOf(label: Label, hit: Hit): PathStep[] {
    const way = wayOf(label, hit)
    const depths = depthsOf(way)
    return way.map(({ kind, place, message }, at): PathStep => {
      const region = linesOf(place.path).region(place.start, place.end)
      return {
        kind,
        location: { kind: 'file', path: place.path, region },
        message,
        ...(depths !== undefined && { depth: depths[at] }),
      }
    })
  }
  const ordered = [...hits].sort(
    (a, b) => compareText(a.place.path, b.place.path) || a.place.start - b.place.start || compareText(a.rule, b.rule),
  )
  return ordered.map((hit): RawFinding => {
    const at = linesOf(hit.place.path)
    const region = at.region(hit.place.start, hit.place.end)
    return {
      rule: hit.rule,
      message: hit.message ?? reached(hit),
      location: { kind: 'file', path: hit.place.path, region },
      confidence: certainty(hit),
      ...(hit.fix !== undefined && { fix: hit.fix }),
      evidence: {
        // The lines of a credential are cut, and masked, where findings are normalised.
        ...(rules.get(hit.rule)?.defect !== 'hard-coded-credential' && { snippet: at.excerpt(region) }),
        ...(hit.label !== undefined && {
          path: pathOf(hit.label, hit),
          facts: { input: hit.label.source.input },
        }),
      },
    }
  })
}

function reached({ label, sink }: Hit): string {
  return `${capitalised(label?.source.input ?? 'A value')} reaches ${sink === '' ? 'this place' : sink} without being made safe.`
}

interface WayPoint extends Pick<PathStep, 'kind' | 'message'> {
  readonly place: Place
}

/** From the source through each step to the sink. */
function wayOf({ source, steps }: Label, { place: end, sink }: Hit): WayPoint[] {
  const between = stepsOf(steps).filter(({ place }) => place.path !== end.path || place.start !== end.start)
  return [
    { kind: 'source', place: source, message: `comes from ${source.input}` },
    ...between.map(({ place, message }) => ({ kind: 'step' as const, place, message })),
    { kind: 'sink', place: end, message: `reaches ${sink === '' ? 'this place' : sink}` },
  ]
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
