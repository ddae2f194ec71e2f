import { deepLabels } from '../analysis/deep-labels.ts'
import { definitionOf, type Engine, type Frame, placeOf, reportWeakness } from '../analysis/engine.ts'
import { kindsOf, outsideKinds } from '../analysis/kinds.ts'
import { calleeName, labelNames, ownName } from '../analysis/names.ts'
import type { Observer, Verdict } from '../analysis/observer.ts'
import { heapObject } from '../analysis/state.ts'
import { allConstants, type Label, type Value } from '../analysis/value.ts'
import type { Instruction } from '../ir/ir.ts'
import type { CallSite, Model } from './model.ts'
import { isPasswordName, snakeCase } from './secret-names.ts'

const digest = kindsOf('digest')
const column = '(?:user_?)?(?:password|passwd|pwd|pass)(?:_?hash|_digest)?'
const inserts = new RegExp(
  `\\b(?:insert|replace)\\s+(?:or\\s+\\w+\\s+)?into\\b[^()]{0,80}\\([^()]{0,400}["\`\\[]?\\b${column}\\b`,
  'i',
)
const updates = new RegExp(`\\bupdate\\b[\\s\\S]{0,100}\\bset\\b[\\s\\S]{0,300}\\b${column}["\`\\]]?\\s*=`, 'i')
const asks = new RegExp(`\\bselect\\b[\\s\\S]{0,300}\\bwhere\\b[\\s\\S]{0,200}\\b${column}["\`\\]]?\\s*=`, 'i')
const executes = ['execute', 'executemany', 'run', 'query', 'exec', 'raw', '$executeRaw', '$queryRaw', 'get', 'all']
const message = 'The password is stored as it was sent.'

/**
 * Passwords kept as they are. Sources: the OWASP Password Storage Cheat Sheet; CWE-256. What hashing answers has no label
 * of text from outside, so what still has one is the password itself.
 */
export const plainPasswords: Model = {
  checks: [
    {
      names: executes.flatMap((name) => [`*.${name}`]),
      rule: 'weak-password-storage',
      message,
      judge: statementVerdict,
    },
  ],
  observers: [observeRecords()],
}

/** Whether a value is a password as somebody sent it. */
function rawPassword(labels: readonly Label[], engine: Engine): Label | undefined {
  return labels.find(
    (label) =>
      (label.sure & outsideKinds) !== 0 &&
      (label.kinds & digest) === 0 &&
      labelNames(label, engine).some(isGivenPassword),
  )
}

function isGivenPassword(name: string): boolean {
  return (
    isPasswordName(name) &&
    !/(?:^|_)(?:confirm\w*|repeat|again|retype|old|current)(?:_|$)|hash|encrypt/.test(snakeCase(name))
  )
}

function statementVerdict({ call, args, receiver, frame, engine }: CallSite): Verdict | undefined {
  const labels = [...args.positional, ...args.named.values()].flatMap((value) => deepLabels(value, frame, 2))
  const password = rawPassword(labels, engine)
  if (password === undefined) return undefined
  const statement = statementOf(call, args.positional[0], receiver, frame)
  if (statement === undefined) return undefined
  if (inserts.test(statement) || updates.test(statement)) return { label: password }
  if (!asks.test(statement)) return undefined
  return {
    message: 'The password is looked up as it was sent, so the table holds it in plain text.',
    label: password,
    confidence: 'low',
  }
}

/** The SQL text of a call: its first argument, or that of the call that prepared it. */
function statementOf(
  call: Extract<Instruction, { op: 'call' }>,
  first: Value | undefined,
  receiver: Value | undefined,
  frame: Frame,
): string | undefined {
  const own = textOf(first)
  if (own !== undefined && /\b(?:insert|update|select|replace)\b/i.test(own)) return own
  if (receiver === undefined) return undefined
  let made = definitionOf(call.receiver, frame)
  if (made?.op === 'load') {
    const { slot } = made
    const stored = frame.facts.ir.blocks
      .flatMap(({ instructions }) => instructions)
      .find((each) => each.op === 'store' && each.slot === slot)
    made = stored?.op === 'store' ? definitionOf(stored.value, frame) : undefined
  }
  if (made?.op !== 'call' || !/prepare|text|query/i.test(calleeName(made, frame.facts))) return undefined
  const [argument] = made.arguments
  return argument === undefined ? undefined : textOf(frame.temps[argument.value])
}

function textOf(value: Value | undefined): string | undefined {
  if (value === undefined) return undefined
  const constant = allConstants(value)?.find((each) => typeof each === 'string')
  return typeof constant === 'string' ? constant : value.prefix
}

const creating =
  /^(?:create|insert|insertOne|insertMany|insert_one|insert_many|save|upsert|add|push|append|set|put|update|updateOne|update_one|findOneAndUpdate|findByIdAndUpdate|bulkCreate|build|values)$/
const recordName =
  /(?:^|[_ ])(?:users?|accounts?|members?|customers?|admins?|profiles?|persons?|people|employees?|students?|clients?|patients?)(?:[_ ]|$)/
/** What a class of records is called; `UserCreate` and `LoginUserForm` are of requests. */
const modelName =
  /(?:^|_)(?:user|account|member|customer|admin|profile|person|employee|student|client|patient)(?:_(?:model|entity|record|db|row|table|document))?$/
/** Models that hash what they are given: a hook before saving, a setter, a column type. */
const hooks =
  /\.pre\(\s*['"](?:save|findOneAndUpdate)|before(?:Create|Save|Insert|Update|BulkCreate)|\bset\s*\(\s*\w*\)?\s*\{|\.setter\b|set_password|setPassword|event\.listens_for|@validates|PasswordType|pre_save|BeforeInsert|hybrid_property|\$extends/
const hashing = /bcrypt|argon2|scrypt|pbkdf2|generate_password_hash|make_password|CryptContext|createHash|hashlib/i

function observeRecords(): Observer {
  return {
    written: (object, key, value, at, frame, engine) => {
      const owner = ownName(at.object, frame.facts) ?? ''
      if (!recordName.test(snakeCase(owner))) return
      // `user.password = …`, `users[name] = …`, `users[name] = { password: … }`.
      const isField = at.attribute && typeof key === 'string' && isPasswordName(key)
      const given = isField ? [value] : at.attribute ? [] : [value, ...passwordFields(value, frame, 2)]
      const password = rawPassword(
        given.flatMap(({ labels }) => labels),
        engine,
      )
      if (password === undefined || typeof key === 'number' || hashesItself(engine) || hashesHere(frame)) return
      if (
        typeof key === 'string' &&
        !isPasswordName(key) &&
        !at.attribute &&
        given.length === 1 &&
        frame.facts.module.language === 'javascript'
      )
        return
      if (object.refs.some((ref) => ref.kind === 'object' && hasAccessor(ref.at, String(key), frame, engine))) return
      reportPlain(password, at, frame, engine)
    },
    called: (name, call, frame, engine) => {
      const callee = calleeName(call, frame.facts)
      const owner = receiverWords(call, frame)
      const isRecord =
        modelName.test(snakeCase(callee)) && (call.isNew || /^[A-Z]/.test(callee)) && !isForm(call, frame, engine)
      const isStored = creating.test(callee) && recordName.test(owner)
      if ((!isRecord && !isStored) || hashesHere(frame)) return
      if (name !== undefined && /(?:auth|firebase|cognito|supabase|clerk|keycloak)/i.test(name)) return
      const given = call.arguments.flatMap(({ name: keyword, value }) => {
        const held = frame.temps[value]
        if (held === undefined) return []
        return keyword === undefined ? passwordFields(held, frame, 3) : isPasswordName(keyword) ? [held] : []
      })
      for (const value of given) {
        const password = rawPassword(value.labels, engine)
        if (password === undefined || hashesItself(engine) || hashesInside(call, frame, engine)) continue
        reportPlain(password, call, frame, engine)
        return
      }
    },
    compared: (left, right, at, frame, engine) => {
      if (at.operator !== '==' && at.operator !== '!=') return
      for (const [given, held, temp] of [
        [left, right, at.right],
        [right, left, at.left],
      ] as const) {
        const password = rawPassword(given.labels, engine)
        if (password === undefined || definitionOf(temp, frame)?.op === 'constant') continue
        if (held.labels.some(({ kinds }) => (kinds & (outsideKinds | digest)) !== 0) || isConfigured(held)) continue
        const name = ownName(temp, frame.facts)
        if (name === undefined || !isGivenPassword(name) || definitionOf(temp, frame)?.op === 'load') continue
        reportWeakness(
          {
            rule: 'weak-password-storage',
            place: placeOf(at, frame),
            message: `\`${name}\` is compared as it is, so passwords are kept in plain text.`,
            confidence: 'medium',
            label: password,
          },
          engine,
        )
      }
    },
  }
}

/** The words of what a method is called on: `prisma_user`, `user_objects`. */
function receiverWords(call: Extract<Instruction, { op: 'call' }>, frame: Frame): string {
  const made = definitionOf(call.receiver, frame)
  return made === undefined
    ? ''
    : snakeCase(frame.facts.module.text.slice(made.start, Math.min(made.end, made.start + 80)))
}

/** Whether the function itself hashes a password, perhaps after the record was made. */
function hashesHere({ facts: { ir, module } }: Frame): boolean {
  return ir.kind !== 'module' && hashesNow.test(module.text.slice(ir.start, ir.end))
}

const hashesNow =
  /\b(?:bcrypt\w*|argon2)\b|\.hash(?:Sync|pw)?\(|hash_?password|password_?hash\(|set_password|make_password|scrypt|pbkdf2|createHash|hashlib/i

/** A class of a schema holds what was sent, not what is stored. */
function isForm(call: Extract<Instruction, { op: 'call' }>, frame: Frame, engine: Engine): boolean {
  return (frame.temps[call.callee]?.refs ?? []).some((ref) => {
    const bases = ref.kind === 'class' ? (engine.classes.get(ref.id)?.bases ?? []) : []
    return bases.some(({ refs }) =>
      refs.some(
        (base) => base.kind === 'external' && /^(?:pydantic|marshmallow|wtforms|django\.forms)\b/.test(base.name),
      ),
    )
  })
}

/** Whether a value comes from the environment or the settings. */
function isConfigured({ refs }: Value): boolean {
  return refs.some((ref) => ref.kind === 'external' && /environ|process\.env|config|settings|getenv/i.test(ref.name))
}

function passwordFields(value: Value, frame: Frame, depth: number): Value[] {
  if (depth === 0 || frame.state === undefined) return []
  const found: Value[] = []
  for (const ref of value.refs) {
    const object = ref.kind === 'object' ? heapObject(frame.state, ref.at) : undefined
    for (const [key, field] of object?.fields ?? []) {
      if (typeof key === 'string' && isPasswordName(key)) found.push(field)
      else found.push(...passwordFields(field, frame, depth - 1))
    }
  }
  return found
}

function hasAccessor(at: number, key: string, frame: Frame, engine: Engine): boolean {
  const id = frame.state === undefined ? undefined : heapObject(frame.state, at)?.class
  const member = id === undefined ? undefined : engine.classes.get(id)?.members.get(key)
  return member?.kind === 'getter' || member?.kind === 'setter'
}

const known = new WeakMap<Engine, boolean>()

/** Whether some module of the app hashes passwords where they are saved. */
function hashesItself(engine: Engine): boolean {
  let answer = known.get(engine)
  if (answer === undefined) {
    answer = [...engine.program.modules.values()].some(({ text }) => hooks.test(text) && hashing.test(text))
    known.set(engine, answer)
  }
  return answer
}

/** Whether the function of the app that is called hashes what it is given. */
function hashesInside(call: Extract<Instruction, { op: 'call' }>, frame: Frame, engine: Engine): boolean {
  const callee = frame.temps[call.callee]
  return (callee?.refs ?? []).some((ref) => {
    if (ref.kind === 'function') {
      const { ir, module } = engine.program.function(ref.id)
      return hashing.test(module.text.slice(ir.start, ir.end)) || /hash/i.test(module.text.slice(ir.start, ir.end))
    }
    if (ref.kind !== 'class') return false
    const facts = engine.classes.get(ref.id)
    const text = engine.program.modules.get(facts?.path ?? '')?.text ?? ''
    return facts?.members.has('__init__') === true || facts?.members.has('constructor') === true
      ? /hash/i.test(text)
      : false
  })
}

function reportPlain(label: Label, at: { start: number; end: number }, frame: Frame, engine: Engine): void {
  reportWeakness(
    { rule: 'weak-password-storage', place: placeOf(at, frame), message, confidence: 'medium', label },
    engine,
  )
}
