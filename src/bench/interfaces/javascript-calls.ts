import { type CodeNode, fieldOf } from '#bench/syntax'
import type { Call, SentFields } from './interface.ts'
import { functionAround, functionTypes, type Module } from './javascript-modules.ts'
import { answerReads } from './javascript-reads.ts'
import { sentBy } from './javascript-sent.ts'
import { methodText, requestOf, urlText } from './javascript-sinks.ts'
import { calledFunction, emptyFrame, newTrace, type Place, type Trace, type World } from './javascript-values.ts'
import { unknown } from './pattern.ts'

/** Variants of one request that are followed: two conditions with two branches, and one more. */
const mostVariants = 8
/** Wrappers around wrappers that are followed. */
const mostRounds = 3

/** A request as evaluated under one choice of branches. */
interface Variant {
  readonly url: string
  readonly method: string
  readonly sent: SentFields | undefined
  readonly via: string
  readonly unbound: ReadonlySet<CodeNode>
}

/**
 * Every request the app's scripts make. A function that takes the URL or the method as a parameter is followed to its
 * callers, whose arguments say what is requested.
 */
export function javascriptCalls(world: World, isServer: (module: Module) => boolean): Call[] {
  const calls: Call[] = []
  /** Function that wraps requests → the places in it that make them, with what is bound on the way there. */
  let wrappers = new Map<CodeNode, { readonly place: Place; readonly outer: readonly Place[] }[]>()
  const reported = new Set<string>()
  const report = (module: Module, at: CodeNode, variants: readonly Variant[]) => {
    for (const variant of variants) {
      const request = requestOf({ node: at, module, frame: emptyFrame }, world, newTrace())
      const reads = answerReads(module, at, variant.via, request === undefined)
      const call = callOf({ ...variant, reads }, module.path, at.line, isServer(module))
      const key = `${call.file}:${at.start} ${call.method} ${call.url}`
      if (reported.has(key)) continue
      reported.add(key)
      calls.push(call)
    }
  }
  const judge = (request: Place, module: Module, at: CodeNode, next: typeof wrappers, round: number) => {
    const variants = variantsOf(request, world)
    const around = functionAround(at)
    const passedOn = variants.some((variant) => isPassedOn(variant))
    if (around !== undefined && passedOn && round < mostRounds) {
      const owner = [...new Set(variants.flatMap(({ unbound }) => [...unbound]))].find((each) => isAround(each, at))
      if (owner !== undefined) {
        const known = next.get(owner)
        const entry = { place: request, outer: [] }
        if (known === undefined) next.set(owner, [entry])
        else known.push(entry)
        return
      }
    }
    report(module, at, variants)
  }

  for (const module of world.modules.all) {
    for (const node of module.calls) {
      const place = { node, module, frame: emptyFrame }
      if (requestOf(place, world, newTrace()) !== undefined) judge(place, module, node, wrappers, 0)
    }
  }
  for (let round = 1; wrappers.size > 0 && round <= mostRounds; round++) {
    const next: typeof wrappers = new Map()
    const used = new Set<CodeNode>()
    for (const module of world.modules.all) {
      for (const node of module.calls) {
        if (node.type !== 'call_expression') continue
        const callee = fieldOf(node, 'function')
        if (callee?.type !== 'identifier' && callee?.type !== 'member_expression') continue
        const called = calledFunction({ node, module, frame: emptyFrame }, world, newTrace())
        const inner = called === undefined ? undefined : wrappers.get(called.node)
        if (called === undefined || inner === undefined) continue
        used.add(called.node)
        for (const { place } of inner) {
          const bound = new Map([...place.frame.bound, ...called.frame.bound])
          judge({ ...place, frame: { bound } }, module, node, next, round)
        }
      }
    }
    for (const [wrapper, inner] of wrappers) {
      if (used.has(wrapper)) continue
      for (const { place } of inner) report(place.module, place.node, variantsOf(place, world))
    }
    wrappers = next
  }
  return calls
}

/** Whether the essence of a request is up to the callers of the function around it. */
function isPassedOn({ url, method, unbound }: Variant): boolean {
  if (unbound.size === 0) return false
  const path = (url.split('?')[0] ?? '').replace(/^\w+:\/\/[^/]*/, '').replace(new RegExp(`^${unknown}(?=/)`), '')
  return (
    method === '*' ||
    url === unknown ||
    path.startsWith(unknown) ||
    path.startsWith(`/${unknown}`) ||
    /\/api\/?\u0001|[^/]\u0001$/.test(path)
  )
}

function isAround(owner: CodeNode, node: CodeNode): boolean {
  return (
    functionTypes.has(owner.type) && owner.source === node.source && owner.start <= node.start && owner.end >= node.end
  )
}

function variantsOf(place: Place, world: World): Variant[] {
  const variants: Variant[] = []
  const pending: ReadonlyMap<string, number>[] = [new Map()]
  const seen = new Set<string>()
  for (let chosen = pending.shift(); chosen !== undefined && variants.length < mostVariants; chosen = pending.shift()) {
    const trace = newTrace(chosen)
    const variant = evaluate(place, world, trace)
    const [condition] = trace.open
    if (condition !== undefined) {
      for (let branch = 0; branch < condition[1]; branch++) pending.push(new Map(chosen).set(condition[0], branch))
      continue
    }
    if (variant === undefined) continue
    const key = JSON.stringify([variant.method, variant.url, variant.sent?.names])
    if (!seen.has(key)) variants.push(variant)
    seen.add(key)
  }
  return variants
}

function evaluate(place: Place, world: World, trace: Trace): Variant | undefined {
  const request = requestOf(place, world, trace)
  if (request === undefined) return undefined
  const url = urlText(request, world, trace)
  const method = methodText(request, world, trace)
  const needed = new Set(trace.unbound)
  const sent = request.body === undefined ? undefined : sentBy(request.body, world, trace)
  return { url, method, sent, via: request.via, unbound: needed }
}

/** A call from the evaluated text of its URL. */
export function callOf(
  {
    url,
    method,
    sent,
    via,
    reads = [],
  }: Pick<Variant, 'url' | 'method' | 'sent' | 'via'> & Partial<Pick<Call, 'reads'>>,
  file: string,
  line: number,
  server: boolean,
): Call {
  const common = { method, sent, reads, file, line, via, server, url: url.replaceAll(unknown, ':') }
  const [location = '', search = ''] = url.split('#')[0]?.split('?', 2) ?? []
  const query = search.split('&').flatMap((part) => {
    const name = part.split('=')[0] ?? ''
    return name === '' || name.includes(unknown) ? [] : [name]
  })
  const absolute = /^(\w+:)?\/\/([^/]*)(.*)$/s.exec(location)
  let rest = absolute?.[3] ?? location
  // `http://localhost:5000${path}` or `http://${host}/x`: the origin itself is not known.
  const host = absolute?.[2]?.replace(new RegExp(`^${unknown}(?=:\\d)`), 'localhost')
  const origin =
    absolute === null || host === undefined || host.includes(unknown) ? undefined : `${absolute[1] ?? 'http:'}//${host}`
  let baseUnknown = absolute !== null && origin === undefined
  if (absolute === null && rest.startsWith(unknown)) {
    baseUnknown = true
    rest = rest.replace(new RegExp(`^${unknown}+`), '')
    if (rest !== '' && !rest.startsWith('/')) rest = `/${unknown}${rest}`
  }
  const openEnd = !url.includes('?') && /[^/]\u0001$/.test(rest)
  if (openEnd) rest = rest.replace(/\u0001+$/, '')
  const literal = rest.split('/').some((segment) => segment !== '' && !segment.includes(unknown))
  const judged = literal || (!baseUnknown && rest !== '' && !rest.includes(unknown))
  const path = rest.replace(/\u0001+/g, ':').replace(/\/{2,}/g, '/')
  const relative = absolute === null && !rest.startsWith('/')
  return {
    ...common,
    query,
    origin,
    baseUnknown,
    openEnd,
    path: judged && !relative ? (path.length > 1 ? path.replace(/\/$/, '') : path || '/') : undefined,
  }
}
