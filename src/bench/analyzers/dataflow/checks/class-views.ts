import type { Engine } from '../analysis/engine.ts'
import type { Observer } from '../analysis/observer.ts'

const verbs = ['get', 'post', 'put', 'patch', 'delete']

/** Classes of Flask whose methods answer requests: text of a view is a page, of a resource data. */
const bases: readonly (readonly [RegExp, 'page' | 'data'])[] = [
  [/^(?:flask|quart)\.views\.(?:MethodView|View)$|^flask_smorest\b.*MethodView$/, 'page'],
  [/^(?:flask_restful|flask_restx|flask_restplus)\b.*\.Resource$/, 'data'],
]

/** Makes the methods of class based views known, whose routes are registered elsewhere. */
export const classViews: Observer = {
  finished(frame, engine) {
    const { ir, module } = frame.facts
    if (ir.kind !== 'module' || module.language !== 'python' || frame.state === undefined) return
    for (const facts of engine.classes.values()) {
      const returns = facts.path === module.path ? answersOf(facts.id, engine, 0) : undefined
      if (returns === undefined) continue
      for (const verb of returns === 'page' ? [...verbs, 'dispatch_request'] : verbs) {
        const method = facts.members.get(verb)?.value
        if (method === undefined) continue
        engine.enter(method, { names: [], parameters: { by: 'path' }, returns }, `${facts.name}.${verb}`, frame.state)
      }
    }
  },
}

function answersOf(id: number, engine: Engine, depth: number): 'page' | 'data' | undefined {
  for (const { refs } of engine.classes.get(id)?.bases ?? []) {
    for (const ref of refs) {
      const found =
        ref.kind === 'external'
          ? bases.find(([name]) => name.test(ref.name))?.[1]
          : ref.kind === 'class' && depth < 4
            ? answersOf(ref.id, engine, depth + 1)
            : undefined
      if (found !== undefined) return found
    }
  }
  return undefined
}
