import type { Instruction, Span, Temp } from '../ir/ir.ts'
import { externalNamed } from './access.ts'
import { definitionOf, type Engine, type Frame } from './engine.ts'
import { kindsOf } from './kinds.ts'
import { fact, heapObject, withFact } from './state.ts'
import { inDevelopment } from './switches.ts'
import { anything, constantValue, externalValue, joinValues, type Value, withoutKinds } from './value.ts'

/** What a handler caught is known under this name; the models say what it holds. */
export const exceptionName = '$exception'
const detail = kindsOf('detail')

/** Made to be shown: refusals of frameworks and validators, of tokens and forms. */
const meantForUsers =
  /(?:^|\.)(?:HTTPException|HTTPError4\d\d|HttpError|Http404|BadRequest\w*|NotFound\w*|Forbidden|Unauthorized|Conflict|UnprocessableEntity|RequestEntityTooLarge|\w*ValidationError|ValidationErrors?|\w*DoesNotExist|MultipleObjectsReturned|PermissionDenied|ZodError|ObjectDoesNotExist|NoResultFound|StopValidation|APIException|NotAuthenticated|AuthenticationFailed|ParseError|Throttled|(?:Expired|Invalid)\w*(?:Token|Signature)\w*|JWTError|ExpiredSignatureError|DecodeError|TokenExpiredError|JsonWebTokenError|MulterError|EmailNotValidError|InvalidId|BadSignature|SignatureExpired|BadData)$|^(?:werkzeug\.exceptions|rest_framework\.exceptions|wtforms|marshmallow|pydantic|jsonschema|voluptuous|cerberus|http-errors)\b/
/**
 * Errors of the system, of databases and connections, and whatever is raised at all. Others are raised by programs with
 * words of their own as often as not.
 */
const telling =
  /^(?:Base)?Exception(?:Group)?$|^(?:OSError|IOError|EnvironmentError|FileNotFoundError|IsADirectoryError|NotADirectoryError|Connection\w*Error|BrokenPipeError|ImportError|ModuleNotFoundError|MemoryError|RecursionError|SystemError)$|^(?:sqlite3|psycopg2?|pymysql|MySQLdb|mysql|sqlalchemy|pymongo|redis|requests|httpx|aiohttp|urllib3?|socket|ssl|subprocess|botocore|boto3|asyncpg|aiosqlite|aiomysql|django\.db|peewee|paramiko|smtplib|ldap3?|lxml|pickle|yaml|jinja2|docker|oracledb|cx_Oracle|pyodbc|elasticsearch|flask_sqlalchemy)\b/
/** Parts that say what kind of error it is, or what a validator has against the input. */
const harmlessParts =
  /^(?:name|code|errno|status|statusCode|status_code|httpStatus|expose|isOperational|operational|isJoi|isAxiosError|validation|__class__|constructor|type|kind|returncode|errors|issues|messages|message_dict|format|flatten|response|description|title|public_?message|user_?message|keyValue|keyPattern|pgcode|sqlstate|pos|lineno|colno|retry_after)$/i

/** What is caught: an exception of one of the types, of any type when none is named. */
export function caughtException(types: Value | undefined, span: Span, frame: Frame, engine: Engine): Value {
  const { text } = frame.facts.module
  const line = text.indexOf('\n', span.start)
  const end = line === -1 ? span.end : Math.min(line, span.end)
  const caught = externalNamed(exceptionName, { start: span.start, end }, frame, engine)
  const danger = types === undefined ? 2 : dangerOf(types, frame, engine)
  if (danger === 2) return caught
  if (danger === 0) return externalValue('$refusal')
  return { ...caught, labels: caught.labels.map((label) => ({ ...label, sure: label.sure & ~detail })) }
}

/** What a function that handles a failed promise is given. */
export function rejectionFor(handler: Value, frame: Frame, engine: Engine): Value {
  const span = functionSpan(handler, engine)
  return span === undefined ? anything : caughtException(undefined, span, frame, engine)
}

/** What a library passes to a function that takes an error first: `(err, rows) => …`. */
export function callbackArguments(callback: Value, frame: Frame, engine: Engine): Value[] {
  const [ref] = callback.refs
  if (ref?.kind !== 'function' || frame.facts.module.language !== 'javascript') return []
  const [first] = engine.program.function(ref.id).ir.parameters
  return first !== undefined && /^(?:_?err|error|e|er|exception)$/.test(first.name)
    ? [rejectionFor(callback, frame, engine)]
    : []
}

function functionSpan(value: Value, engine: Engine): Span | undefined {
  const [ref] = value.refs
  if (ref?.kind !== 'function') return undefined
  const { start, end } = engine.program.function(ref.id).ir
  return { start, end }
}

/** Whether exceptions of these types surely tell what went wrong inside. */
export function tellsInside(types: Value, frame: Frame, engine: Engine): boolean {
  return dangerOf(types, frame, engine) === 2
}

/** 0: its text is made for users; 1: perhaps; 2: it tells what went wrong inside. */
function dangerOf(types: Value, frame: Frame, engine: Engine): 0 | 1 | 2 {
  let danger: 0 | 1 | 2 = types.refs.length === 0 ? 1 : 0
  for (const ref of types.refs) {
    let own: 0 | 1 | 2 = 1
    if (ref.kind === 'class') own = 0
    else if (ref.kind === 'external') own = meantForUsers.test(ref.name) ? 0 : telling.test(ref.name) ? 2 : 1
    else if (ref.kind === 'object') {
      const object = frame.state === undefined ? undefined : heapObject(frame.state, ref.at)
      own = 0
      for (const field of object?.fields.values() ?? []) own = worse(own, dangerOf(field, frame, engine))
    }
    danger = worse(danger, own)
  }
  return danger
}

function worse(first: 0 | 1 | 2, second: 0 | 1 | 2): 0 | 1 | 2 {
  return first > second ? first : second
}

/** A part of a caught exception that tells nothing of the inside; undefined for the others. */
export function harmlessPart(object: Value, key: string | number | undefined): Value | undefined {
  if (typeof key !== 'string' || !isException(object)) return undefined
  return harmlessParts.test(key) ? joinValues(anything, externalValue(`${exceptionName}.${key}`)) : undefined
}

/** What a call makes of an exception: its text, not the exception itself. */
export function writtenOut(call: Instruction, value: Value): Value {
  if (call.op !== 'call' || call.method !== 'toString' || !isException(value)) return value
  return { ...value, refs: externalValue(`${exceptionName}.toString()`).refs }
}

function isException(value: Value): boolean {
  return value.refs.some((ref) => ref.kind === 'external' && ref.name === exceptionName)
}

/** The value without details where the program has looked what kind of error it is, or runs for developers only. */
export function withoutTold(value: Value, frame: Frame, engine: Engine): Value {
  if (frame.state === undefined || !value.labels.some(({ kinds }) => (kinds & detail) !== 0)) return value
  const isTold = fact(frame.state, engine.number('exception told')) !== undefined
  return isTold || inDevelopment(frame, engine) ? withoutKinds(value, detail) : value
}

/** Remembers, behind a branch, that the program knows what kind of error it answers. */
export function noteException(condition: Temp, holds: boolean, frame: Frame, engine: Engine): void {
  if (frame.state === undefined || !tellsKind(condition, holds, frame, 0)) return
  frame.state = withFact(frame.state, engine.number('exception told'), constantValue(true))
}

function tellsKind(condition: Temp, holds: boolean, frame: Frame, depth: number): boolean {
  const definition = definitionOf(condition, frame)
  const value = frame.temps[condition]
  if (definition === undefined || depth > 4) return false
  switch (definition.op) {
    case 'unary':
      return /^(?:not|!)$/.test(definition.operator) && tellsKind(definition.operand, !holds, frame, depth + 1)
    case 'compare':
      return comparisonTells(definition, holds, frame)
    case 'call':
      return holds && callTells(definition, frame)
    default:
      // `if (error.expose)`, `if (error.isOperational)`
      return holds && value !== undefined && isPartOfException(value)
  }
}

function comparisonTells(compare: Extract<Instruction, { op: 'compare' }>, holds: boolean, frame: Frame): boolean {
  const left = frame.temps[compare.left] ?? anything
  const right = frame.temps[compare.right] ?? anything
  if (compare.operator === 'instanceof') return holds && isException(left) && isSpecific(right)
  if (!isPartOfException(left) && !isPartOfException(right)) return false
  const isNumber = [left, right].some(({ known }) => known.some((constant) => typeof constant === 'number'))
  if (isNumber) return true
  return holds === (compare.operator === '==' || compare.operator === 'in')
}

/** `isinstance(error, AppError)`, `isHttpError(error)`, `axios.isAxiosError(error)`, `['a'].includes(error.code)`. */
function callTells(call: Extract<Instruction, { op: 'call' }>, frame: Frame): boolean {
  const [first, second] = call.arguments.map(({ value }) => frame.temps[value] ?? anything)
  if (first === undefined) return false
  const callee = frame.temps[call.callee]
  const name = callee?.refs.map((ref) => (ref.kind === 'external' ? ref.name : '')).join(' ') ?? ''
  if (name === 'isinstance') return isException(first) && second !== undefined && isSpecific(second)
  const definition = definitionOf(call.callee, frame)
  const written =
    definition === undefined
      ? ''
      : frame.facts.module.text.slice(definition.start, Math.min(definition.end, definition.start + 80))
  return (isException(first) && /\bis[A-Z_]\w*$/.test(written)) || isPartOfException(first)
}

function isPartOfException(value: Value): boolean {
  return value.refs.some(
    (ref) =>
      ref.kind === 'external' &&
      ref.name.startsWith(`${exceptionName}.`) &&
      harmlessParts.test(ref.name.slice(exceptionName.length + 1)),
  )
}

/** A class of the app, or one whose messages are made for users. */
function isSpecific(type: Value): boolean {
  return type.refs.length > 0 && type.refs.every((ref) => ref.kind !== 'external' || meantForUsers.test(ref.name))
}
