import { nameOf } from '../analysis/call-arguments.ts'
import { definitionOf, type Frame } from '../analysis/engine.ts'
import { outsideKinds } from '../analysis/kinds.ts'
import type { Verdict } from '../analysis/observer.ts'
import { isRedeemed, redeem, settle } from '../analysis/pending.ts'
import { instructionKey } from '../analysis/refine.ts'
import { onlyText, type Value } from '../analysis/value.ts'
import type { Instruction, Temp } from '../ir/ir.ts'
import type { CallSite } from '../models/model.ts'
import { allArguments, heldIn, isSurely, methodPlace, namesOf, objectsOf } from './values.ts'

const rule = 'jwt-unverified' as const

/** A token is read without its signature: wrong unless the signature is checked before or after. */
export function decodedUnverified(site: CallSite): undefined {
  const { args, name } = site
  const [token, second, third] = args.positional
  // jwt-simple verifies unless its third argument says not to.
  if (name === 'jwt-simple.decode' && !isSurely(third ?? args.named.get('noVerify'), [true])) return
  if (token !== undefined && namesOf(token).some((made) => /\b(?:sign|encode|SignJWT\(\)\.sign)\(\)$/.test(made)))
    return
  if (onlyHeader(site)) return
  // In a browser the token was given to the program itself, and its server checks it.
  const isOutside = token !== undefined && comesFromOutside(token)
  const isBrowser = /^jwt-decode|decodeJwt$/.test(name) && !isServer(site)
  if (second !== undefined && name === 'flask_jwt_extended.decode_token') return
  const confidence = isOutside ? undefined : isBrowser || isOwn(site) ? 'low' : 'medium'
  doubt(site, 'The claims of a token are believed without checking its signature.', confidence)
}

/** The signature is asked for, but by a call that accepts any. */
export function verifiedBadly(site: CallSite): Verdict | undefined {
  const wrong = weaknessOf(site)
  if (wrong === 'unverified') decodedUnverified(site)
  else if (wrong === undefined) redeem(rule, site.frame, site.engine)
  return wrong === undefined || wrong === 'unverified'
    ? undefined
    : { message: wrong, place: methodPlace(site.call, site.frame) }
}

const verifiers = /^(?:nacl|rsa|jose|crypto|authlib|google|firebase_admin|itsdangerous)\b/

/** A signature is checked some other way on this path. */
export function verifiedWell({ name, call, frame, engine }: CallSite): undefined {
  // `?.verify` may be about passwords: only keys and signatures count.
  if (
    call.method === 'verify' &&
    !verifiers.test(name) &&
    !/key|sign|jwt|jws|token|hmac/i.test(nameOf(call.receiver, frame))
  )
    return
  redeem(rule, frame, engine)
}

function weaknessOf(site: CallSite): string | undefined {
  const { args, name, frame } = site
  const options =
    args.named.get('options') ??
    args.positional.find((value, at) => at >= 1 && objectsOf(value, frame).some(({ kind }) => kind === 'object'))
  const algorithms =
    args.named.get('algorithms') ??
    heldIn(options, 'algorithms', frame).value ??
    heldIn(options, 'algorithm', frame).value ??
    (/^(?:jwt|jose)\.|authlib|^jwt-simple/.test(name) ? listAt(args.positional, name) : undefined)
  const callerChecks = isSurely(heldIn(options, 'verify_signature', frame).value, [false])
  const isOff = callerChecks || isSurely(args.named.get('verify'), [false]) || isSurely(oldVerify(site), [false])
  if (isOff) return 'unverified'
  if (name === 'jwt-simple.decode' && isSurely(args.positional[2], [true])) return undefined
  if (algorithms !== undefined && elementsOf(algorithms, frame).some((each) => isNone(each)))
    return 'The algorithm `none` is accepted: such a token needs no signature.'
  if (algorithms !== undefined && elementsOf(algorithms, frame).some(isFromToken) && !isSaidByKey(site))
    return 'The token itself says by which algorithm it is checked.'
  return undefined
}

/** A token is made with the algorithm `none`: nothing tells it from one somebody else wrote. */
export function madeUnsigned({ args, frame }: CallSite): Verdict | undefined {
  const options = args.positional.at(-1)
  const named = args.named.get('algorithm')
  const inOptions = heldIn(options, 'algorithm', frame).value ?? heldIn(options, 'alg', frame).value
  const inHeader =
    heldIn(args.positional[0], 'alg', frame).value ?? heldIn(args.named.get('header'), 'alg', frame).value
  const given = [named, inOptions, inHeader, args.positional[2]]
  return given.some((value) => isSurely(value, ['none', 'None', 'NONE'])) ? {} : undefined
}

/** PyJWT before version 2: `decode(token, key, verify)`. */
function oldVerify({ name, args }: CallSite): Value | undefined {
  return name.startsWith('jwt.') ? args.positional[2] : undefined
}

function listAt(positional: readonly Value[], name: string): Value | undefined {
  if (/authlib/.test(name)) return positional[0]
  return name === 'jwt-simple.decode' ? positional[3] : positional[2]
}

function elementsOf(value: Value, frame: Frame): Value[] {
  const inside = objectsOf(value, frame).flatMap(({ fields, rest }) => [...fields.values(), rest])
  return inside.length > 0 ? inside : [value]
}

function isNone({ known }: Value): boolean {
  return known.some((constant) => typeof constant === 'string' && /^none$/i.test(constant))
}

const unchecked = /unverified_header|decodeProtectedHeader|jsonwebtoken\.decode\(\)/

/** `algorithms: [key.alg ?? header.alg]`: the key says it where it can. */
function isSaidByKey({ call, frame }: CallSite): boolean {
  return call.arguments.some(({ value }) => {
    const options = definitionOf(value, frame)
    const entry = options?.op === 'object' ? options.entries.find(({ key }) => key === 'algorithms') : undefined
    const list = definitionOf(entry?.value, frame)
    const items = list?.op === 'list' ? list.items : []
    return items.some((item) =>
      trailOf(item.value, frame).some(
        (each) =>
          each.op === 'get' &&
          each.key === 'alg' &&
          !namesOf(frame.temps[each.object]).some((name) => unchecked.test(name)),
      ),
    )
  })
}

function isFromToken(value: Value): boolean {
  return comesFromOutside(value) || namesOf(value).some((name) => unchecked.test(name))
}

function comesFromOutside({ labels }: Value): boolean {
  return labels.some(({ kinds }) => (kinds & outsideKinds) !== 0)
}

/** `const { header } = jwt.decode(token, { complete: true })`: nothing but the header is read. */
function onlyHeader({ call, frame }: CallSite): boolean {
  const uses = usesOf(call.dst, frame, 0)
  return uses.length > 0 && uses.every((use) => use.op === 'get' && /^(?:header|kid|alg|typ)$/.test(String(use.key)))
}

/** What is done with a value, through variables. */
function usesOf(temp: Temp, frame: Frame, depth: number): Instruction[] {
  const uses: Instruction[] = []
  for (const { instructions } of frame.facts.ir.blocks) {
    for (const instruction of instructions) {
      if (instruction.op === 'store' && instruction.value === temp && depth < 2) {
        for (const { instructions: others } of frame.facts.ir.blocks) {
          for (const load of others) {
            if (load.op === 'load' && load.slot === instruction.slot) uses.push(...usesOf(load.dst, frame, depth + 1))
          }
        }
      } else if (instruction.op === 'get' && instruction.object === temp) uses.push(instruction)
      else if (instruction.op === 'call' && instruction.arguments.some(({ value }) => value === temp))
        uses.push(instruction)
      else if (instruction.op === 'rest' && instruction.of === temp) uses.push(instruction)
    }
  }
  return uses
}

/** A token of the program's own: what a provider or its own signing answered, kept in its own storage. */
function isOwn({ call, frame }: CallSite): boolean {
  const [argument] = call.arguments
  const definition = definitionOf(argument?.value, frame)
  const text = definition === undefined ? '' : frame.facts.module.text.slice(definition.start, definition.end)
  return /id_?token|localStorage|sessionStorage|tokens?\.(?:access|id|refresh)|response|\.data\b|account\.|session/i.test(
    text,
  )
}

function isServer({ frame }: CallSite): boolean {
  return /from ['"](?:express|fastify|koa|hono|next\/server|next\/headers|@nestjs\/common|node:http)\b|require\(['"](?:express|fastify|koa|http|hono)['"]\)/.test(
    frame.facts.module.text,
  )
}

/** The middle part of a token, taken from base64 and read as JSON. */
export function decodedByHand(site: CallSite): undefined {
  const { args, call, frame } = site
  const [argument] = call.arguments
  if (argument === undefined) return
  const trail = trailOf(argument.value, frame)
  const isDecoded = trail.some((each) => each.op === 'call' && isBase64(each, frame))
  const isPart = trail.some((each) => isMiddlePart(each, frame))
  if (!isDecoded || !isPart) return
  const isOutside = args.positional.some(comesFromOutside)
  const confidence = isOutside
    ? undefined
    : isServer(site) || frame.facts.module.language === 'python'
      ? 'medium'
      : 'low'
  doubt(site, 'The payload of a token is decoded and believed without checking its signature.', confidence)
}

function isBase64(call: Extract<Instruction, { op: 'call' }>, frame: Frame): boolean {
  const names = namesOf(frame.temps[call.callee])
  if (
    names.some((name) =>
      /^base64\.|b64decode$|^(?:window\.|globalThis\.)?atob$|base64url\.decode$|^b64_to_utf8$/.test(name),
    )
  )
    return true
  return (
    names.includes('Buffer.from') &&
    /^base64(?:url)?$/.test(onlyText(frame.temps[call.arguments[1]?.value ?? -1]) ?? '')
  )
}

/** `token.split('.')[1]`, also by unpacking. */
function isMiddlePart(instruction: Instruction, frame: Frame): boolean {
  if (instruction.op !== 'get' || instructionKey(instruction, frame) !== 1) return false
  return trailOf(instruction.object, frame).some(
    (each) =>
      each.op === 'call' &&
      /^(?:r?split|partition)$/.test(each.method ?? '') &&
      onlyText(frame.temps[each.arguments[0]?.value ?? -1]) === '.',
  )
}

/** The instructions a value was computed by, through variables of the function. */
function trailOf(temp: Temp, frame: Frame): Instruction[] {
  const trail: Instruction[] = []
  const seen = new Set<Temp>()
  const open: Temp[] = [temp]
  for (let next = open.pop(); next !== undefined && trail.length < 60; next = open.pop()) {
    const definition = seen.has(next) ? undefined : definitionOf(next, frame)
    seen.add(next)
    if (definition === undefined) continue
    trail.push(definition)
    if (definition.op === 'load') {
      for (const { instructions } of frame.facts.ir.blocks) {
        for (const each of instructions) if (each.op === 'store' && each.slot === definition.slot) open.push(each.value)
      }
    } else open.push(...operandsOf(definition))
  }
  return trail
}

function operandsOf(instruction: Instruction): readonly Temp[] {
  switch (instruction.op) {
    case 'get':
      return [instruction.object]
    case 'call':
      return [
        ...(instruction.receiver === undefined ? [] : [instruction.receiver]),
        ...instruction.arguments.map(({ value }) => value),
      ]
    case 'text':
      return instruction.parts
    case 'binary':
      return [instruction.left, instruction.right]
    case 'join':
      return instruction.sources
    case 'element':
    case 'rest':
      return [instruction.of]
    default:
      return []
  }
}

function doubt(site: CallSite, message: string, confidence: 'medium' | 'low' | undefined): void {
  const { call, frame, engine } = site
  if (isRedeemed(rule, frame, engine)) return
  const place = methodPlace(call, frame)
  const label = allArguments(site.args).flatMap(({ labels }) => labels)[0]
  settle(
    `${rule} ${place.path} ${place.start}`,
    { rule, place, message, ...(confidence !== undefined && { confidence }), ...(label !== undefined && { label }) },
    frame,
    engine,
  )
}
