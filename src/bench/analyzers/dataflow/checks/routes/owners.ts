import type { Hit } from '../../analysis/engine.ts'
import type { FunctionFacts } from '../../analysis/program.ts'
import type { FunctionId, Instruction, Temp } from '../../ir/ir.ts'
import { type Code, instructionsOf, nameAt, textAt } from './code.ts'
import type { Guards } from './guards.ts'
import type { Identity } from './identity.ts'
import { requestLike } from './names.ts'
import type { Judged } from './siblings.ts'

type Call = Extract<Instruction, { op: 'call' }>

/** Calls that find, change or remove records, on a model or with one as argument. */
const one =
  /^(?:get|get_or_404|first_or_404|one_or_404|get_object_or_404|aget_object_or_404|get_or_none|findByPk|findById|findOne|find_one|findUnique|findUniqueOrThrow|findFirst|findFirstOrThrow|filter_by|filter|where|findByIdAndUpdate|findByIdAndDelete|findByIdAndRemove|findOneAndUpdate|findOneAndDelete|update|updateOne|update_one|updateMany|delete|deleteOne|delete_one|deleteMany|destroy|find_by_id|get_by_id|execute|query|run|all|eq)$/
const many =
  /^(?:all|find|findAll|findMany|filter|filter_by|order_by|select|where|find_all|execute|query|list|paginate|limit|scalars|exclude|aggregate|findAndCountAll)$/
const sources = /^(?:params|body|query|json|args|form|values|data|path_params|POST|GET|get_json|nextUrl|searchParams)$/

/**
 * Routes for signed-in people that find a record by a number of the request alone, though other parts of the app keep records
 * of that kind to their owners (CWE-639).
 */
export function othersRecords(
  all: readonly Judged[],
  code: Code,
  { identity, guards }: { readonly identity: Identity; readonly guards: Guards },
): Hit[] {
  const signedIn = all.filter(
    ({ level, uses, route }) => level === 1 && uses !== 'argument' && !/admin/i.test(route.path),
  )
  if (signedIn.length === 0) return []
  const owned = ownedModels(code, identity)
  if (owned.size === 0) return []
  return signedIn.flatMap(({ route, changes }): Hit[] => {
    for (const id of route.handlers) {
      const facts = code.facts(id)
      if (isCompared(facts, code, guards)) continue
      for (const at of instructionsOf(facts)) {
        if (at.op !== 'call' || !one.test(nameAt(at.callee, facts))) continue
        const model = modelOf(at, facts)
        const known = model === undefined ? undefined : owned.get(model)
        if (
          known === undefined ||
          at.arguments.some(({ value }) => identity.isPart(value, facts)) ||
          !at.arguments.some(({ value }) => isFromRequest(value, facts, code, route.handlers, 0))
        )
          continue
        const message = `The ${model ?? 'record'} is found by a number of the request alone; elsewhere it is kept to its owner.`
        const confidence = changes || !known.isListed ? 'medium' : 'low'
        const place = { path: facts.module.path, start: at.start, end: at.end }
        return [{ rule: 'missing-authentication', place, sure: true, sink: '', message, confidence, fix }]
      }
    }
    return []
  })
}

const fix =
  'Look the record up together with its owner, taken from the session, or compare its owner before it is used.'

/** Whether something is given to a function that refuses: `check_owner(order)`. */
function isCompared(facts: FunctionFacts, code: Code, guards: Guards): boolean {
  return instructionsOf(facts).some(
    (at) =>
      at.op === 'call' &&
      at.arguments.some(({ value }) => facts.definitions[value]?.op === 'load') &&
      [...(code.called(facts.ir.id, at.dst)?.functions ?? [])].some((id) => guards.helper(id) > 0),
  )
}

/** Kinds of records that some call of the app keeps to the person signed in, and whether others list them all. */
function ownedModels(code: Code, identity: Identity): Map<string, { isListed: boolean }> {
  const owned = new Map<string, { isListed: boolean }>()
  const listed = new Set<string>()
  for (const ir of code.engine.program.functions) {
    const facts = code.facts(ir.id)
    for (const at of instructionsOf(facts)) {
      if (at.op !== 'call') continue
      const model = modelOf(at, facts) ?? constructed(at, facts)
      if (model === undefined) continue
      const isOwners = at.arguments.some(({ value }) => identity.isPart(value, facts))
      if (isOwners) owned.set(model, { isListed: false })
      else if (many.test(nameAt(at.callee, facts)) && !asksForOne(at, facts)) listed.add(model)
    }
  }
  for (const model of listed) if (owned.has(model)) owned.set(model, { isListed: true })
  return owned
}

function asksForOne(call: Call, facts: FunctionFacts): boolean {
  return call.arguments.length > 0 || facts.module.text.slice(call.end, call.end + 12).startsWith('.filter')
}

/** `Order(user_id=current_user.id)`, `new Order({ … })`. */
function constructed(call: Call, facts: FunctionFacts): string | undefined {
  const name = nameAt(call.callee, facts)
  return /^[A-Z]\w*$/.test(name) ? singular(name) : undefined
}

/** The kind of record a call is about: `Address.query.get(…)`, `session.get(Address, …)`, `prisma.address.update(…)`, an SQL statement's table. */
function modelOf(call: Call, facts: FunctionFacts): string | undefined {
  for (const { value } of call.arguments.slice(0, 2)) {
    const name = nameAt(value, facts)
    if (/^[A-Z]\w*$/.test(name) && facts.definitions[value]?.op !== 'call') return singular(name)
    const table = /\b(?:from|update|into|join)\s+["'`[]?(\w{2,40})/i.exec(textAt(value, facts, 200))?.[1]
    if (table !== undefined && /\b(?:select|update|delete|insert)\b/i.test(textAt(value, facts, 200)))
      return singular(table)
  }
  let at = call.receiver === undefined ? undefined : facts.definitions[call.receiver]
  for (let depth = 0; at !== undefined && depth < 12; depth++) {
    if (at.op === 'call') {
      const inner = modelOf(at, facts)
      if (inner !== undefined) return inner
      return undefined
    }
    if (at.op === 'get') {
      const object: Instruction | undefined = facts.definitions[at.object]
      const name = nameAt(at.object, facts)
      if (
        /^(?:prisma|db|database|client|models)$/i.test(name) &&
        /^(?:get|load|global|import)$/.test(object?.op ?? '') &&
        !/^(?:query|session)$/.test(String(at.key))
      )
        return singular(String(at.key))
      at = object
      continue
    }
    if (at.op !== 'load' && at.op !== 'import' && at.op !== 'global') return undefined
    const name =
      at.op === 'load' ? (facts.module.slotNames[at.slot] ?? '') : at.op === 'global' ? at.name : (at.name ?? '')
    return /^[A-Z]\w*$/.test(name) &&
      !/^(?:Object|Array|JSON|Promise|Math|Number|String|Date|Response|NextResponse)$/.test(name)
      ? singular(name)
      : undefined
  }
  return undefined
}

function singular(name: string): string {
  return name
    .toLowerCase()
    .replace(/(?:model)$/, '')
    .replace(/sses$/, 'ss')
    .replace(/ies$/, 'y')
    .replace(/([^s])s$/, '$1')
}

/** Whether a value, or a part of it, is what the request says. */
function isFromRequest(
  temp: Temp,
  facts: FunctionFacts,
  code: Code,
  handlers: readonly FunctionId[],
  depth: number,
): boolean {
  const at = facts.definitions[temp]
  if (at === undefined || depth > 8) return false
  const from = (each: Temp): boolean => isFromRequest(each, facts, code, handlers, depth + 1)
  switch (at.op) {
    case 'load': {
      const parameter = code.parameter(at.slot)
      if (parameter !== undefined && handlers.includes(parameter.id) && facts.module.language === 'python')
        return !requestLike.test(parameter.name) && !code.writes(at.slot).some(({ by }) => by === 'default')
      return code
        .writes(at.slot)
        .some((written) => written.by === 'store' && written.facts === facts && from(written.temp))
    }
    case 'get':
      return (
        (sources.test(String(at.key ?? '')) &&
          /^(?:\$\d+|props)?$/.test(nameAt(at.object, facts).replace(requestLike, ''))) ||
        from(at.object)
      )
    case 'call':
      if (sources.test(nameAt(at.callee, facts)) && requestLike.test(nameAt(at.receiver, facts))) return true
      return at.arguments.some(({ value }) => from(value)) || (at.receiver !== undefined && from(at.receiver))
    case 'object':
      return at.entries.some(({ value }) => from(value))
    case 'list':
      return at.items.some(({ value }) => from(value))
    case 'compare':
      return from(at.left) || from(at.right)
    case 'text':
      return at.parts.some(from)
    case 'element':
    case 'rest':
      return from(at.of)
    default:
      return false
  }
}
