import { shapeOf } from '#bench/interfaces'
import type { CheckOrigin, PlannedCheck, Scene } from '../check.ts'
import { copyOf, newVisitor, sendAs, type Visitor } from '../visitor.ts'
import { filledIn, formsIn, type PageForm } from './forms-in.ts'
import { broken, type Ground, hasParameters } from './plan.ts'

/** Pages looked at for forms. */
const pagesAtMost = 12

/** Every form that is sent without a script is answered below 500. Forms are looked for on the pages of the app as it runs. */
export async function formChecks(ground: Ground, scene: Omit<Scene, 'record'>): Promise<readonly PlannedCheck[]> {
  const own = ground.routes
    .filter(({ method, path }) => method === 'GET' && !hasParameters(path))
    .map(({ path }) => path)
  const pages = [...new Set(['/', ...own])].slice(0, pagesAtMost)
  const visitors = [newVisitor(), ...(ground.account.visitor ? [copyOf(ground.account.visitor)] : [])]
  const checks = new Map<string, PlannedCheck>()
  for (const page of pages) {
    for (const visitor of visitors) {
      for (const form of await formsAt(scene, visitor, page)) {
        const id = `form:${form.method} ${shapeOf(form.action.replace(/\d+/g, ':id')).split('?', 1)[0]} ${form.fields.map(({ name }) => name).join(',')}`
        if (!checks.has(id)) checks.set(id, checkOf(id, form, page, visitor, ground))
      }
    }
  }
  return [...checks.values()]
}

async function formsAt(scene: Omit<Scene, 'record'>, visitor: Visitor, page: string): Promise<readonly PageForm[]> {
  const request = { method: 'GET', path: page } as const
  const { response } = await sendAs(visitor, scene.app, request, {
    purpose: 'looks for forms',
    values: new Map(),
    signal: scene.signal,
  })
  const type = response?.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  return response && response.status < 300 && type.includes('html') ? formsIn(response.body, page) : []
}

function checkOf(id: string, form: PageForm, page: string, visitor: Visitor, ground: Ground): PlannedCheck {
  const { method } = form
  const [path = '/', query = ''] = form.action.split('?', 2)
  const route = ground.routes.find((each) => each.method === method && shapeOf(each.path) === path)
  const origin: CheckOrigin = {
    kind: 'derived',
    from: `the form on ${page}`,
    ...(route && { path: route.file, line: route.line }),
  }
  return {
    id,
    title: `The form ${method} ${path} on ${page} can be sent`,
    kind: 'form',
    origin,
    endpoint: { method, path },
    async run(scene) {
      if (form.files) return { outcome: 'not_applicable', reason: 'It sends files.' }
      // What the page hides in the form belongs to this very visit.
      const visit = copyOf(visitor)
      const fresh =
        (await formsAt(scene, visit, page)).find((each) => each.action === form.action && each.method === method) ??
        form
      const values = filledIn(fresh, `${scene.seed} form`)
      const request =
        method === 'GET'
          ? ({ method, path, query: { ...Object.fromEntries(new URLSearchParams(query)), ...values } } as const)
          : ({ method, path: form.action, form: values } as const)
      const exchange = await sendAs(visit, scene.app, request, {
        purpose: 'sends the form',
        values: new Map(),
        signal: scene.signal,
      })
      scene.record(exchange)
      const wrong = broken(exchange)
      return wrong === undefined ? { outcome: 'pass' } : { outcome: 'fail', reason: wrong, at: exchange }
    },
  }
}
