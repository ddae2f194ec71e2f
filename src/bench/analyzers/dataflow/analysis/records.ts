import type { Instruction, Span } from '../ir/ir.ts'
import { deepLabels } from './deep-labels.ts'
import { type CallArguments, type ClassFacts, type Engine, type Frame, placeOf } from './engine.ts'
import { kindsOf } from './kinds.ts'
import { noteRead } from './seen.ts'
import { contents, type HeapObject, heapObject, withField, withObject, withRest } from './state.ts'
import { statementOf } from './statements.ts'
import {
  joinValues,
  type Label,
  labelled,
  nothing,
  onlyConstant,
  onlyText,
  prefixOf,
  type Ref,
  refValue,
  stepped,
  type Value,
} from './value.ts'

type Call = Extract<Instruction, { op: 'call' }>
type External = Extract<Ref, { kind: 'external' }>

/**
 * What one request writes to a database and another reads: a store per table, column by column. Things of libraries that
 * stand for a table or for its rows carry a `table`: its name, or `sql` and the statement that was asked.
 */
const kept = kindsOf('html', 'template', 'script-url', 'code', 'shell', 'sql', 'path', 'ssrf', 'deserialise')
/** What programs rarely put into the database in a safe form. */
const surelyKept = kindsOf('html', 'template', 'code', 'shell', 'sql')

const models =
  /(?:^|\.)(?:Model|DeclarativeBase|DeclarativeBaseNoMeta|SQLModel|Document|DynamicDocument|EmbeddedDocument|BaseEntity|TimeStampedModel)(?:\(\))?$|declarative_base\(\)$/
const naming = /(?:^|\.)(?:model|define|collection|get_collection|table|getRepository)$|^knex\(\)$/
const stores =
  /^(?:pymongo|flask_pymongo|motor|tinydb|mongoengine|@prisma\/client|mongodb|firebase|firebase-admin|google\.cloud\.firestore)\b/
const writing =
  /^(?:insert|insertOne|insertMany|insert_one|insert_many|create|createMany|bulkCreate|bulk_create|update|updateOne|updateMany|update_one|update_many|replaceOne|replace_one|upsert|save|set|add|build|put|values|findByIdAndUpdate|findOneAndUpdate|find_one_and_update|get_or_create|update_or_create|merge)$/
/** Rows of a whole answer, not columns of one. */
const ofRows = /(?:execute|query|fetchall|fetchmany|all|mappings|scalars|to_list|toArray)\(\)$/

/** The table a thing of a library stands for. */
export function tableOf(value: Value | undefined): string | undefined {
  for (const ref of value?.refs ?? []) if (ref.kind === 'external' && ref.table !== undefined) return ref.table
  return undefined
}

export function withTable(value: Value, table: string | undefined): Value {
  if (table === undefined || value.refs.every((ref) => ref.kind !== 'external' || ref.table === table)) return value
  const refs = value.refs.map((ref) =>
    ref.kind === 'external' ? { ...ref, table, key: `${ref.key} in ${table}` } : ref,
  )
  return { ...value, refs }
}

/** The table of a class that maps one: it extends a model of a library. */
export function tableOfClass(facts: ClassFacts | undefined, engine: Engine, depth = 0): string | undefined {
  if (facts === undefined || depth > 5) return undefined
  const isModel = facts.bases.some(({ refs }) =>
    refs.some((ref) =>
      ref.kind === 'external'
        ? models.test(ref.name)
        : ref.kind === 'class' && tableOfClass(engine.classes.get(ref.id), engine, depth + 1) !== undefined,
    ),
  )
  return isModel ? `model ${facts.name}` : undefined
}

/** What a call does to tables: writes what it is given, and says of which table its result is. */
export function recordCall(
  name: string | undefined,
  call: Call,
  args: CallArguments,
  receiver: Value | undefined,
  frame: Frame,
  engine: Engine,
): string | undefined {
  const table = receiverTable(name, call, args, receiver, frame, engine)
  if (table === undefined) return undefined
  const method = call.method ?? ''
  if (table.startsWith('sql ')) {
    const statement = statementOf(table.slice(4))
    if (statement?.kind === 'write') {
      const isPrepared = tableOf(receiver) === table
      const given = isPrepared ? args.positional : args.positional.slice(1)
      for (const { column, parameter } of statement.columns) {
        const value = parameterAt(parameter, given, args, frame)
        if (value !== undefined) keep(`table ${statement.table}`, column, value, call, frame, engine)
      }
    }
    return table
  }
  const isMaking = call.isNew && method === ''
  if (writing.test(method) || isMaking) {
    for (const value of args.positional) keepObject(table, value, call, frame, engine, 2)
    for (const [column, value] of args.named) {
      if (column === 'data' || column === 'defaults') keepObject(table, value, call, frame, engine, 2)
      else keep(table, column, value, call, frame, engine)
    }
  }
  return table
}

function receiverTable(
  name: string | undefined,
  call: Call,
  args: CallArguments,
  receiver: Value | undefined,
  frame: Frame,
  engine: Engine,
): string | undefined {
  const [first] = args.positional
  const text = first === undefined ? '' : (onlyText(first) ?? prefixOf(first))
  const asked = text !== '' && /^\s*(?:select|insert|replace|update|with)\s/i.test(text) ? `sql ${text}` : undefined
  const cursor = receiver?.refs.find((ref) => ref.kind === 'external')
  const last = cursor?.kind === 'external' ? `cursor ${cursor.name}` : undefined
  if (asked !== undefined) {
    if (last !== undefined) remember(last, asked, frame, engine)
    return asked
  }
  const own = tableOf(receiver) ?? (call.receiver === undefined ? tableOf(frame.temps[call.callee]) : undefined)
  if (own !== undefined) return own
  const passed = args.positional.map((value) => tableOf(value) ?? tableOfFirstClass(value, engine)).find(Boolean)
  if (passed !== undefined) {
    if (last !== undefined && passed.startsWith('sql ')) remember(last, passed, frame, engine)
    return passed
  }
  const tail = name?.slice(name.lastIndexOf('.') + 1) ?? ''
  const constant = onlyConstant(first)?.value
  if (name !== undefined && naming.test(name) && typeof constant === 'string') return `table ${constant}`
  if (cursor?.kind === 'external' && stores.test(cursor.name)) return `table ${cursor.name}`
  if (last !== undefined && /^fetch/.test(tail)) return recalled(last, frame, engine)
  return undefined
}

function tableOfFirstClass(value: Value, engine: Engine): string | undefined {
  const [ref] = value.refs
  return ref?.kind === 'class' ? tableOfClass(engine.classes.get(ref.id), engine) : undefined
}

/** The statement a cursor was given last, for what is fetched from it later. */
function remember(cursor: string, statement: string, frame: Frame, engine: Engine): void {
  if (frame.state === undefined) return
  const at = engine.number(cursor)
  const fields = new Map([['statement', withTable(externalStatement, statement)]])
  frame.state = withObject(frame.state, at, { kind: 'object', fields, rest: nothing })
}

function recalled(cursor: string, frame: Frame, engine: Engine): string | undefined {
  const object = frame.state === undefined ? undefined : heapObject(frame.state, engine.number(cursor))
  return tableOf(object?.fields.get('statement'))
}

const externalStatement = refValue({ kind: 'external', name: 'statement', key: 'xstatement' })

function parameterAt(
  parameter: number | string,
  given: readonly Value[],
  args: CallArguments,
  frame: Frame,
): Value | undefined {
  const [list] = given
  const [ref] = list?.refs ?? []
  const object = ref?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
  if (typeof parameter === 'string') return object?.fields.get(parameter) ?? args.named.get(parameter) ?? object?.rest
  if (object?.kind !== 'list') return given[parameter]
  const [inner] = [...object.fields.values(), object.rest].flatMap(({ refs }) => refs)
  const row = inner?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, inner.at) : undefined
  return row?.kind === 'list' ? (row.fields.get(parameter) ?? row.rest) : (object.fields.get(parameter) ?? object.rest)
}

/** Keeps the fields of an object as columns, `$set` and `data` looked through. */
export function keepObject(table: string, value: Value, span: Span, frame: Frame, engine: Engine, depth: number): void {
  for (const ref of value.refs) {
    const object = ref.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
    if (object === undefined) continue
    for (const [column, field] of object.fields) {
      const isInner = typeof column === 'number' || column.startsWith('$') || column === 'data' || column === 'defaults'
      if (isInner && depth > 0) keepObject(table, field, span, frame, engine, depth - 1)
      else keep(table, String(column), field, span, frame, engine)
    }
    if (object.rest !== nothing) keep(table, undefined, object.rest, span, frame, engine)
  }
  if (value.labels.length > 0) keep(table, undefined, value, span, frame, engine)
}

/** Keeps what a column is given, where it holds text from outside. */
export function keep(
  table: string,
  column: string | undefined,
  value: Value,
  span: Span,
  frame: Frame,
  engine: Engine,
): void {
  const labels = deepLabels(value, frame)
    .filter(({ kinds }) => (kinds & kept) !== 0)
    .map((label): Label => {
      const { input } = label.source
      const said = input.endsWith(', kept in the database') ? input : `${input}, kept in the database`
      const source = engine.source(label.source, said, label.source, `kept ${table}.${column ?? ''}`, 'medium')
      return { ...label, source, kinds: label.kinds & kept, sure: label.sure & surelyKept, aspect: 'part' }
    })
  if (labels.length === 0 || frame.state === undefined) return
  const at = engine.number(`store ${table}`)
  engine.stores.set(table, at)
  const before: HeapObject = heapObject(frame.state, at) ?? { kind: 'object', fields: new Map(), rest: nothing }
  const text = labelled(stepped(labels, placeOf(span, frame), `written to ${table.replace(/^\w+ /, '')}`))
  const after = column === undefined ? withRest(before, text) : withField(before, column.toLowerCase(), text, false)
  frame.state = withObject(frame.state, at, after)
}

/** What a column of a row may hold; undefined when nothing from outside was kept there. */
export function readColumn(
  ref: External,
  key: string | number | undefined,
  span: Span,
  frame: Frame,
  engine: Engine,
): Value | undefined {
  if (ref.table === undefined || frame.state === undefined) return undefined
  const statement = ref.table.startsWith('sql ') ? statementOf(ref.table.slice(4)) : undefined
  const tables = statement?.kind === 'read' ? statement.tables.map((table) => `table ${table}`) : [ref.table]
  let column: string | undefined = typeof key === 'string' ? key.toLowerCase() : undefined
  if (typeof key === 'number') {
    if (frame.facts.module.language === 'javascript' || ofRows.test(ref.name)) return undefined
    const listed = statement?.kind === 'read' ? statement.columns[key] : undefined
    if (listed !== undefined && listed.column === undefined && listed.name !== undefined) return undefined
    column = listed?.column
  } else if (statement?.kind === 'read' && column !== undefined) {
    const named = statement.columns.find(({ name }) => name === column)
    if (named !== undefined) column = named.column ?? 'computed'
  }
  let found: Value = nothing
  for (const table of tables) {
    const at = engine.stores.get(table) ?? engine.number(`store ${table}`)
    noteRead(frame.reads, at, column)
    const object = heapObject(frame.state, at)
    if (object === undefined) continue
    found = joinValues(found, column === undefined ? contents(object) : (object.fields.get(column) ?? object.rest))
  }
  if (found.labels.length === 0) return undefined
  return labelled(stepped(found.labels, placeOf(span, frame), 'read from the database'))
}
