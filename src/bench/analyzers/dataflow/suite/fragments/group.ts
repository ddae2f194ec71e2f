import type { MarkedCase } from '../case.ts'
import type { Parts, Scene, Shape, Sink, Treatment } from './sink.ts'

/** What differs between the languages when a group is put together. */
export interface Language<S extends Scene> {
  readonly framework: string
  readonly vulnerable: readonly Shape<S>[]
  readonly safe: readonly Shape<S>[]
  scene(sink: Sink, n: number): S | undefined
  files(scene: S, parts: Parts): Record<string, string>
}

/** Cases of each label that a group has at least. */
const size = 8

/**
 * The cases of one weakness in one framework: every sanitizer and every look-alike of its sinks, and of the flow shapes as many as the group
 * still needs, taken in turn over all groups so that every shape occurs about equally often.
 */
export function composeGroup<S extends Scene>(
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
    const files = language.files(scene, parts)
    const id = `${language.framework}/${sink.weakness}/${vulnerable ? '' : 'safe-'}${variant}-${number}`
    cases.push({
      id,
      weakness: sink.weakness,
      cwe: sink.cwe,
      framework: language.framework,
      variant: `${vulnerable ? '' : 'safe-'}${variant}`,
      why,
      vulnerable,
      files: vulnerable ? files : withoutMarkers(files),
    })
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

function variantOf(right: Treatment): string {
  if (right.call !== undefined) return 'other-api'
  return right.lines === undefined ? 'sanitizer' : 'guard'
}

function treat(treatment: Treatment) {
  return (scene: Scene): Parts => {
    const { v } = scene
    const lines = [scene.assign(v, scene.read)]
    if (treatment.lines !== undefined) lines.push(scene.fill(treatment.lines))
    if (treatment.call !== undefined) {
      lines.push(scene.fill(treatment.call), scene.answer)
    } else if (treatment.value !== undefined) {
      const isName = /^\w+$/.test(treatment.value)
      const name = isName ? treatment.value : scene.preparedName
      if (!isName) lines.push(scene.assign(name, scene.fill(treatment.value)))
      lines.push(scene.use(name), scene.answer)
    } else {
      lines.push(scene.use(v), scene.answer)
    }
    return {
      body: lines.join('\n'),
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
