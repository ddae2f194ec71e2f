import { holds } from '../analysis/access.ts'
import { argumentAt, fieldValue } from '../analysis/call-arguments.ts'
import { definitionOf, type Engine, type Frame, placeOf, reportWeakness } from '../analysis/engine.ts'
import { outsideKinds } from '../analysis/kinds.ts'
import { ownName } from '../analysis/names.ts'
import type { Observer, Verdict } from '../analysis/observer.ts'
import { instructionKey } from '../analysis/refine.ts'
import { contents, heapObject } from '../analysis/state.ts'
import type { Value } from '../analysis/value.ts'
import type { Instruction, ModuleIr, Span, Temp } from '../ir/ir.ts'
import { credentialArguments, type KeyArgument } from './credential-arguments.ts'
import {
  addressGrade,
  type Grade,
  gradeOf,
  isCredentialName,
  isKnownFormat,
  isSigningKeyName,
} from './credential-values.ts'
import type { CallSite, CheckModel, Model } from './model.ts'
import { isPasswordName, snakeCase } from './secret-names.ts'

const rule = 'hard-coded-credential'
/** Names for what is given as a key or a password under no name of its own. */
const anyKey = 'secret_key'
const anyPassword = 'password'
const environment = /(?:^|\.)(?:environ|process\.env|import\.meta\.env|Bun\.env|Deno\.env)\.(\w+)$/

/**
 * Passwords, keys and tokens written in the code. Sources: CWE-798; the documentation of each library in
 * credential-arguments.ts; docs.python.org/3/library/os (environ), nodejs.org/api/process (env).
 */
export const credentials: Model = {
  checks: [
    ...credentialArguments.map(keyCheck),
    {
      names: [
        'os.environ.get',
        'os.getenv',
        'os.environ.setdefault',
        'decouple.config',
        'decouple.AutoConfig()()',
        'environs.Env().str',
        'environs.Env()()',
        'environ.Env().str',
        'environ.Env()()',
        'starlette.config.Config()()',
        'Deno.env.get',
      ],
      rule,
      message: 'Without the variable a secret written into the code is used.',
      judge: ({ args, frame }) => {
        const [key] = args.positional[0]?.known ?? []
        const [text] = (args.positional[1] ?? args.named.get('default'))?.known ?? []
        if (typeof key !== 'string' || typeof text !== 'string') return undefined
        return verdictOf(key, text, true, frame)
      },
    },
  ],
  passes: [{ names: ['TextEncoder().encode', 'util.TextEncoder().encode', 'TextDecoder().decode', 'Uint8Array'] }],
  observers: [observeNames()],
}

/** A call that is given a key, and uses it as one. */
function keyCheck({ names, at, field, kind }: KeyArgument): CheckModel {
  return {
    names,
    rule,
    message: 'The key is written into the code.',
    judge: (site) => {
      const { args, frame } = site
      let value = argumentAt(at, args)
      if (field !== undefined) value = fieldValue(value, field, frame)
      if (value === undefined) return undefined
      // A name that says what it holds is reported where it is given its value.
      const temp = field === undefined ? tempAt(site, at) : undefined
      if (temp !== undefined && isReportedElsewhere(temp, frame)) return undefined
      const inside = value.refs.flatMap((ref) => {
        const list = ref.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
        return list === undefined ? [] : contents(list).known
      })
      const isFallback = value.refs.some((ref) => ref.kind === 'external' && environment.test(ref.name))
      for (const text of [...value.known, ...inside]) {
        if (typeof text !== 'string') continue
        const verdict =
          kind === 'signing'
            ? verdictOf(anyKey, text, isFallback, frame)
            : verdictOf(anyPassword, text, isFallback, frame)
        if (verdict !== undefined) return verdict
      }
      return undefined
    },
  }
}

function tempAt({ call }: CallSite, at: KeyArgument['at']): Temp | undefined {
  const keys = Array.isArray(at) ? at : [at]
  for (const key of keys) {
    const found =
      typeof key === 'number'
        ? call.arguments.filter(({ name }) => name === undefined)[key]
        : call.arguments.find(({ name }) => name === key)
    if (found !== undefined) return found.value
  }
  return undefined
}

function isReportedElsewhere(temp: Temp, frame: Frame): boolean {
  const definition = definitionOf(temp, frame)
  if (definition?.op === 'constant' || isEither(definition, frame)) return false
  const name = ownName(temp, frame.facts)
  return name !== undefined && isCredentialName(name)
}

function verdictOf(name: string, text: string, isFallback: boolean, frame: Frame): Verdict | undefined {
  const address = addressGrade(text)
  const grade = address ?? (isCredentialName(name) ? gradeOf(name, text) : undefined)
  if (grade === undefined || isRefused(text, frame.facts.module)) return undefined
  // `MISSING_SECRET_KEY: 'Missing secret key'` is a message.
  if (/\s/.test(text) && snakeCase(text) === snakeCase(name)) return undefined
  const isSample =
    /(?:^|[/_.-])(?:seeds?|seeders?|fixtures?|mocks?|demo|examples?|samples?|stories|tests?|spec)(?:[/_.-]|$)/i.test(
      frame.facts.module.path,
    )
  const confidence = isSample ? 'low' : confidenceFor(grade, isFallback || address === 'placeholder')
  const what = address !== undefined ? 'An address with its password' : name === anyKey ? 'The key' : `\`${name}\``
  return {
    message: `${isFallback ? `Without the variable ${what.replace(/^[AT]/, (first) => first.toLowerCase())}` : what} is ${masked(text)}, written into the code.`,
    ...(confidence !== 'high' && { confidence }),
  }
}

function confidenceFor(grade: Grade, isFallback: boolean): 'high' | 'medium' | 'low' {
  if (grade === 'placeholder') return isFallback ? 'low' : 'medium'
  return grade === 'plain' ? 'medium' : 'high'
}

/** How a credential is shown: its first two characters and its length. */
function masked(text: string): string {
  return text.length < 6
    ? `a text of ${text.length} characters`
    : `\`${text.slice(0, 2)}***\` (${text.length} characters)`
}

const refused = new WeakMap<ModuleIr, ReadonlySet<unknown>>()

/** Whether the module compares something with the text: to refuse it, or to tell it from a real one. */
function isRefused(text: string, module: ModuleIr): boolean {
  let texts = refused.get(module)
  if (texts === undefined) {
    const compared = new Set<unknown>()
    for (const { blocks } of module.functions) {
      const constants = new Map<Temp, unknown>()
      for (const { instructions } of blocks) {
        for (const each of instructions) {
          if (each.op === 'constant') constants.set(each.dst, each.value)
          if (each.op === 'compare') for (const temp of [each.left, each.right]) compared.add(constants.get(temp))
        }
      }
    }
    texts = compared
    refused.set(module, texts)
  }
  return texts.has(text)
}

/** Values under names that say what they are, and texts that are credentials by their form. */
function observeNames(): Observer {
  return {
    stored: (name, value, at, frame, engine) => meet(name, value, at.value, at, frame, engine),
    written: (_object, key, value, at, frame, engine) => {
      if (typeof key === 'string') meet(key, value, at.value, at, frame, engine)
    },
    spelled: (fields, at, frame, engine) => {
      // What a browser is told of a Firebase project is public.
      const isDescription = describes(at, frame) || fields.has('authDomain')
      const isOutcomes = [...fields.keys()].some((key) => /^(?:fail|error|skip|warn|block)/i.test(String(key)))
      for (const entry of at.entries) {
        const { value } = entry
        const key = instructionKey(entry, frame)
        if (isOutcomes && typeof key === 'string' && /^pass(?:ed)?$/i.test(key)) continue
        if (typeof key === 'string' && !isDescription) meet(key, frame.temps[value], value, at, frame, engine)
      }
    },
    declared: (at, frame, engine) => {
      if (frame.facts.module.language !== 'javascript') return
      for (const { name, value } of at.members) meet(name, frame.temps[value], value, at, frame, engine)
    },
    called: (callee, call, frame, engine) => {
      for (const { name, value } of call.arguments) {
        const given = frame.temps[value]
        // `auth=('user', 'password')`.
        const pair = name === 'auth' ? definitionOf(value, frame) : undefined
        const second = pair?.op === 'list' ? pair.items[1]?.value : undefined
        if (second !== undefined) meet('password', frame.temps[second], second, call, frame, engine)
        else if (name !== undefined) meet(name, given, value, call, frame, engine)
        else if (definitionOf(value, frame)?.op === 'constant' && !/environ|getenv|\benv\b|config$/i.test(callee ?? ''))
          meet('', given, value, call, frame, engine)
      }
    },
    compared: (left, right, at, frame, engine) => {
      if (at.operator !== '==' && at.operator !== '!=') return
      meetComparison(left, right, at.left, at.right, at, frame, engine)
      meetComparison(right, left, at.right, at.left, at, frame, engine)
    },
  }
}

/** Objects that hold texts about fields: labels, messages, types of a schema. */
function describes(at: Span, frame: Frame): boolean {
  const before = frame.facts.module.text.slice(Math.max(0, at.start - 60), at.start)
  return /(?:errors?|messages?|labels?|placeholders?|hints?|titles?|texts?|types?|fields?|columns?|routes?|paths?|urls?|icons?|classes|styles?|translations?|schema|locales?|strings|keys|names|properties|attributes|example|mock\w*|fixture\w*)\s*[:=]\s*\(?$/i.test(
    before,
  )
}

const settingsClass = /\bBaseSettings\b/

function meet(name: string, value: Value | undefined, temp: Temp, at: Span, frame: Frame, engine: Engine): void {
  if (value === undefined || (value.known.length === 0 && value.prefix === undefined)) return
  const definition = definitionOf(temp, frame)
  const setting = value.refs.flatMap((ref) =>
    ref.kind === 'external' ? (environment.exec(ref.name)?.[1] ?? []) : [],
  )[0]
  const isLiteral = definition?.op === 'constant'
  const isEnvironment = !isLiteral && setting !== undefined && isEither(definition, frame)
  if (!isLiteral && !isEnvironment) return
  // Fields of settings are read from the environment where it has them.
  const isFallback = isEnvironment || (frame.facts.ir.kind === 'module' && holds(frame.facts.module, settingsClass))
  // Of a long text only the start is known.
  const texts = value.known.length === 0 ? [value.prefix] : value.known
  for (const text of texts) {
    if (typeof text !== 'string') continue
    const header = headerGrade(name, text)
    const own = isFallback && setting !== undefined && !isCredentialName(name) ? setting : name
    const verdict =
      header !== undefined
        ? { message: `\`${name}\` holds ${masked(text)}, written into the code.` }
        : isKnownFormat(text) && !isCredentialName(own)
          ? { message: `A key of a known form is written into the code: ${masked(text)}.` }
          : (verdictOf(own, text, isFallback, frame) ??
            // What is called `secret` here may be `JWT_SECRET` there.
            (isFallback && setting !== undefined ? verdictOf(setting, text, true, frame) : undefined))
    if (verdict === undefined) continue
    const place = isLiteral ? placeOf(definition, frame) : placeOf(at, frame)
    reportWeakness({ rule, place, message: 'A secret is written into the code.', ...verdict }, engine)
    return
  }
}

/** `a || b`, `a ?? b`, `a or b`, `c ? a : b`: what is kept has no name of its own. */
function isEither(definition: Instruction | undefined, frame: Frame): boolean {
  if (definition?.op === 'load') return (frame.facts.module.slotNames[definition.slot] ?? '') === ''
  return definition?.op === 'join' || definition?.op === 'binary'
}

/** `Authorization: Bearer …`, `X-Api-Key: …`. */
function headerGrade(name: string, text: string): Grade | undefined {
  const words = snakeCase(name)
  if (!/^(?:authorization|proxy_authorization|x_(?:api|auth|access)_(?:key|token)|x_auth_token)$/.test(words))
    return undefined
  const value = text.replace(/^(?:bearer|basic|token|apikey)\s+/i, '')
  return /\s/.test(value) || value.length < 12 || !/\d/.test(value) ? undefined : gradeOf('token', value)
}

/** What somebody sends compared with a password or key that stands in the code. */
function meetComparison(
  given: Value,
  constant: Value,
  temp: Temp,
  literal: Temp,
  at: Span,
  frame: Frame,
  engine: Engine,
): void {
  const text = constant.known.length === 1 && constant.refs.length === 0 ? constant.known[0] : undefined
  if (typeof text !== 'string' || given.known.length > 0 || isReportedElsewhere(literal, frame)) return
  const name = ownName(temp, frame.facts)
  if (
    name === undefined ||
    !isCredentialName(name) ||
    given.refs.some((ref) => ref.kind === 'external' && environment.test(ref.name))
  )
    return
  const isSent = given.labels.some(({ kinds }) => (kinds & outsideKinds) !== 0)
  const grade = gradeOf(isSigningKeyName(name) ? 'token' : name, text)
  // A short or common word is a password too when it opens a door.
  const opens = isPasswordName(name) && isSent && /^\S{3,}$/.test(text)
  if (grade === undefined && !opens) return
  // A key that nobody sent is compared with a text to see whether it was left as it came.
  const isOwnKey = !isSent && !isPasswordName(name)
  const strength = [isSent, grade === 'strong' && !isOwnKey].filter(Boolean).length
  const certain = (['low', 'medium', 'high'] as const)[strength] ?? 'low'
  reportWeakness(
    {
      rule,
      place: placeOf(at, frame),
      message: `\`${name}\` is compared with ${masked(text)}, written into the code.`,
      ...(certain !== 'high' && { confidence: certain }),
    },
    engine,
  )
}
