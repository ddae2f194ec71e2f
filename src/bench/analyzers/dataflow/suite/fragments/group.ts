import type { MarkedCase } from '../case.ts'
import type { Parts, Scene, Shape, Sink, Treatment } from './sink.ts'
import { treated } from './treatment.ts'

/** What differs between the languages when a group is put together. */
export interface Language<S extends Scene> {
  readonly framework: string
  readonly vulnerable: readonly Shape<S>[]
  readonly safe: readonly Shape<S>[]
  /** With a treatment, the sink is only ever reached through it. */
  scene(sink: Sink, n: number, treatment?: Treatment): S | undefined
  files(scene: S, parts: Parts): Record<string, string>
}

/** Cases of each label that a group has at least. */
const size = 8

/** The cases of every weakness in every framework that has a sink for it. */
export function composeGroups<S extends Scene>(
  languages: readonly Language<S>[],
  sinks: readonly Sink[],
): MarkedCase[][] {
  const turn = { vulnerable: 0, safe: 0 }
  const weaknesses = [...new Set(sinks.map((sink) => sink.weakness))]
  return languages.flatMap((language) =>
    weaknesses.flatMap((weakness) => {
      const own = sinks.filter((sink) => sink.weakness === weakness && sink.frameworks.includes(language.framework))
      return own.length === 0 ? [] : [composeGroup(language, own, turn)]
    }),
  )
}

/**
 * The cases of one weakness in one framework: every sanitizer and every look-alike of its sinks, and of the flow shapes as many as the group
 * still needs, taken in turn over all groups so that every shape occurs about equally often.
 */
function composeGroup<S extends Scene>(
  language: Language<S>,
  sinks: readonly Sink[],
  turn: { vulnerable: number; safe: number },
): MarkedCase[] {
  const cases: MarkedCase[] = []
  const numbers = new Map<string, number>()
  let n = turn.vulnerable + turn.safe
  const add = (
    sink: Sink,
    vulnerable: boolean,
    variant: string,
    why: string,
    make: (scene: S) => Parts | undefined,
  ) => {
    n += 1
    const scene = language.scene(sink, n)
    const parts = scene === undefined ? undefined : make(scene)
    if (scene === undefined || parts === undefined) return false
    const number = (numbers.get(`${vulnerable}${variant}`) ?? 0) + 1
    numbers.set(`${vulnerable}${variant}`, number)
    const full = `${vulnerable ? '' : 'safe-'}${variant}`
    cases.push(caseOf(language, scene, parts, { vulnerable, variant: full, number, why }))
    return true
  }
  for (const sink of sinks) {
    for (const wrong of sink.wrong)
      add(sink, true, wrong.lines ? 'wrong-guard' : 'wrong-sanitizer', wrong.why, treat(wrong))
    for (const right of sink.right) add(sink, false, variantOf(right), right.why, treat(right))
  }
  for (const vulnerable of [true, false]) {
    const shapes = vulnerable ? language.vulnerable : language.safe
    const key = vulnerable ? 'vulnerable' : 'safe'
    const done = cases.filter((one) => one.vulnerable === vulnerable).length
    let missing = Math.max(size - done, Math.ceil(size / 2))
    if ((missing + done) % 2 === 1) missing += 1
    for (let tried = 0; missing > 0 && tried < shapes.length; tried += 1) {
      const shape = shapes[turn[key] % shapes.length]
      turn[key] += 1
      const sink = sinks[tried % sinks.length]
      if (shape === undefined || sink === undefined) continue
      if (add(sink, vulnerable, shape.variant, shape.why, (scene) => shape.parts(scene))) missing -= 1
    }
  }
  return cases
}

/** One flow as a case. */
export function caseOf<S extends Scene>(
  { framework, files }: Language<S>,
  scene: S,
  parts: Parts,
  { number, ...about }: Pick<MarkedCase, 'vulnerable' | 'variant' | 'why'> & { readonly number: number },
): MarkedCase {
  const { weakness, cwe } = scene.sink
  const written = files(scene, parts)
  return {
    id: `${framework}/${weakness}/${about.variant}-${number}`,
    weakness,
    cwe,
    framework,
    ...about,
    files: about.vulnerable ? written : withoutMarkers(written),
  }
}

function variantOf(right: Treatment): string {
  if (right.call !== undefined) return 'other-api'
  return right.lines === undefined ? 'sanitizer' : 'guard'
}

function treat(treatment: Treatment) {
  return (scene: Scene): Parts => {
    const { v } = scene
    return {
      body: [scene.assign(v, scene.read), treated(scene, treatment, v), scene.answer].join('\n'),
      ...(treatment.imports === undefined ? {} : { imports: treatment.imports }),
      ...(treatment.setup === undefined ? {} : { top: treatment.setup }),
    }
  }
}

const markers = /[ \t]*(?:#! sink|\/\/! sink)$/gm

/** Files as a safe case has them: a sink that is shared with vulnerable ones is none there. */
export function withoutMarkers(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [path, content.replace(markers, '')]))
}
