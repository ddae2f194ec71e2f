import type { Case } from './case.ts'
import { type MarkedCase, unmark } from './case.ts'
import { caseOf, type Language } from './fragments/group.ts'
import { javascriptLanguages, javascriptSinks } from './fragments/javascript.ts'
import { pythonLanguages, pythonSinks } from './fragments/python.ts'
import type { Parts, Scene, Shape, Sink, Treatment } from './fragments/sink.ts'

/**
 * The vulnerable flows with a treatment put before the sink: behind the right kind none is vulnerable any more, behind a wrong kind all
 * still are. Every treatment of every sink meets `shapes` of the flow shapes, taken in turn; all of them when left out.
 */
export function treatedFlows(shapes = Number.POSITIVE_INFINITY): Case[] {
  return [...flowsOf(pythonLanguages, pythonSinks, shapes), ...flowsOf(javascriptLanguages, javascriptSinks, shapes)]
}

function flowsOf<S extends Scene>(languages: readonly Language<S>[], sinks: readonly Sink[], shapes: number): Case[] {
  const cases: Case[] = []
  let turn = 0
  for (const language of languages) {
    for (const sink of sinks.filter(({ frameworks }) => frameworks.includes(language.framework))) {
      for (const [treatments, vulnerable] of [
        [sink.right, false],
        [sink.wrong, true],
      ] as const) {
        for (const treatment of treatments) {
          let made = 0
          for (let tried = 0; made < shapes && tried < language.vulnerable.length; tried += 1) {
            const shape = language.vulnerable[turn % language.vulnerable.length]
            turn += 1
            const one = shape && flowOf(language, sink, treatment, shape, vulnerable, turn)
            if (one === undefined) continue
            cases.push(unmark(one))
            made += 1
          }
        }
      }
    }
  }
  return cases
}

function flowOf<S extends Scene>(
  language: Language<S>,
  sink: Sink,
  treatment: Treatment,
  shape: Shape<S>,
  vulnerable: boolean,
  n: number,
): MarkedCase | undefined {
  const scene = language.scene(sink, n, treatment)
  const parts = scene === undefined ? undefined : shape.parts(scene)
  if (scene === undefined || parts === undefined) return undefined
  // A parameter that the loop begins with a literal no longer holds what was sent.
  if (shape.variant === 'loop' && scene.read === scene.v) return undefined
  // Another function than the handler has no request to read.
  if (parts.top !== undefined && /\brequest\b/.test(treatment.call ?? '')) return undefined
  // What belongs to the app cannot stand in the module of the sink.
  if (treatment.setup !== undefined && parts.module?.sink === true) return undefined
  const treatedParts = withTreatment(parts, treatment, language.framework)
  return caseOf(language, scene, treatedParts, { vulnerable, variant: shape.variant, why: treatment.why, number: n })
}

function withTreatment(parts: Parts, { imports: needed = [], setup }: Treatment, framework: string): Parts {
  const { module } = parts
  const imports = framework === 'next' ? [...needed, "import { NextResponse } from 'next/server'"] : needed
  return {
    ...parts,
    imports: [...(parts.imports ?? []), ...needed],
    ...(setup === undefined ? {} : { top: [setup, parts.top ?? ''].join('\n\n\n') }),
    ...(module === undefined ? {} : { module: { ...module, imports: [...(module.imports ?? []), ...imports] } }),
  }
}
