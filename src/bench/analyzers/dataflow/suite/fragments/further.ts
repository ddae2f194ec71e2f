import type { Defect } from '#bench/findings'
import type { MarkedCase } from '../case.ts'
import { caseOf, composeGroups, type Language } from './group.ts'
import { javascriptLanguages, javascriptSinks } from './javascript.ts'
import { pythonLanguages, pythonSinks } from './python.ts'
import type { Scene, Sink } from './sink.ts'

/** Cases of either label the open half has at least of each weakness and framework that go together. */
const least = 6

/** Weaknesses of libraries that work in frameworks the first cases did not try. */
const elsewhere: readonly (readonly [Defect, readonly string[]])[] = [
  ['ldap-injection', ['next', 'node']],
  ['xpath-injection', ['fastify', 'next']],
  ['xxe', ['next', 'node']],
  ['insecure-deserialization', ['next']],
  ['nosql-injection', ['node']],
  ['template-injection', ['node']],
]

/** Whether a case was written after the held-back half was closed. */
export const isFurther = ({ variant }: Pick<MarkedCase, 'variant'>): boolean => variant.startsWith('further-')

/** Cases written after the held-back half was closed: what either half lacks, none of it in both. Their variants begin with `further-`. */
export function furtherCases(open: readonly MarkedCase[], heldBack: readonly MarkedCase[]): MarkedCase[] {
  const moved = elsewhere.flatMap(([weakness, frameworks]) =>
    javascriptSinks.filter((sink) => sink.weakness === weakness).map((sink) => ({ ...sink, frameworks })),
  )
  const composed = composeGroups(javascriptLanguages, moved).flat().map(further)
  const all = [...open, ...composed]
  return [
    ...composed,
    ...toppedUp(pythonLanguages, pythonSinks, all, heldBack),
    ...toppedUp(javascriptLanguages, javascriptSinks, all, heldBack),
  ]
}

function further(one: MarkedCase): MarkedCase {
  const [framework, weakness, numbered] = one.id.split('/')
  return { ...one, id: `${framework}/${weakness}/further-${numbered}`, variant: `further-${one.variant}` }
}

/** Shapes of flows a weakness and framework meet in neither half, until there are enough in the open one. */
function toppedUp<S extends Scene>(
  languages: readonly Language<S>[],
  sinks: readonly Sink[],
  open: readonly MarkedCase[],
  heldBack: readonly MarkedCase[],
): MarkedCase[] {
  const cases: MarkedCase[] = []
  let turn = 0
  for (const language of languages) {
    for (const weakness of new Set(sinks.map((sink) => sink.weakness))) {
      const own = sinks.filter((sink) => sink.weakness === weakness && sink.frameworks.includes(language.framework))
      if (own.length === 0) continue
      const isOwn = (one: MarkedCase) => one.framework === language.framework && one.weakness === weakness
      const used = new Set([...open, ...heldBack].filter(isOwn).map(({ variant }) => variant))
      for (const vulnerable of [true, false]) {
        const shapes = vulnerable ? language.vulnerable : language.safe
        let missing = least - open.filter((one) => isOwn(one) && one.vulnerable === vulnerable).length
        for (let tried = 0; missing > 0 && tried < shapes.length; tried += 1) {
          turn += 1
          const shape = shapes[turn % shapes.length]
          const sink = own[tried % own.length]
          const variant = `${vulnerable ? '' : 'safe-'}${shape?.variant}`
          if (shape === undefined || sink === undefined || used.has(variant)) continue
          const scene = language.scene(sink, turn)
          // A parameter that the loop begins with a literal no longer holds what was sent.
          const parts =
            scene === undefined || (variant === 'loop' && scene.read === scene.v) ? undefined : shape.parts(scene)
          if (scene === undefined || parts === undefined) continue
          cases.push(
            caseOf(language, scene, parts, { vulnerable, variant: `further-${variant}`, number: 1, why: shape.why }),
          )
          missing -= 1
        }
      }
    }
  }
  return cases
}
