import { externalNamed } from '../analysis/access.ts'
import { argumentAt, fieldValue } from '../analysis/call-arguments.ts'
import { onlyStore } from '../analysis/endings.ts'
import { definitionOf, type Frame } from '../analysis/engine.ts'
import { kindsOf } from '../analysis/kinds.ts'
import type { Verdict } from '../analysis/observer.ts'
import { allConstants, type Label, type Place, type Value } from '../analysis/value.ts'
import type { Temp } from '../ir/ir.ts'
import type { ArgumentKey, CallSite } from '../models/model.ts'

/** The input of names of uploads that are text by themselves. */
export const uploadName = 'the name of an uploaded file'
const upload = kindsOf('upload')
const message = 'The upload is saved under the ending its sender gave it.'
/** Attributes that hold the name a file came with. */
const givenName = /(?:\.|\[['"]|^|\bread: )(?:originalname|original_?filename|file_?name|name|suffix|ext)(?:['"]\])?$/i
const fileLike =
  /(?:file|image|upload|photo|picture|avatar|attachment|document|blob|media|logo|cover|video|audio)\w*\.name$/i
/** The name multer chose itself. */
const chosen = /\breq(?:uest)?\.files?\b.*\.(?:filename|path)$/

/** A file is written where the argument says: reported when the sender's name, with its ending, is in it. */
export function savedUnder(key: ArgumentKey | 'receiver') {
  return ({ call, args, receiver, frame }: CallSite): Verdict | undefined => {
    const value = key === 'receiver' ? receiver : argumentAt(key, args)
    const position = Array.isArray(key) ? key.find((each) => typeof each === 'number') : key
    const temp = key === 'receiver' ? call.receiver : typeof position === 'number' ? args.temps[position] : undefined
    if (temp !== undefined && endsFixed(temp, frame, 0)) return undefined
    return verdictOf(value, frame)
  }
}

/** `open(path, 'wb')`: a mode that writes. */
export function openedForWriting(site: CallSite): Verdict | undefined {
  const mode = argumentAt([1, 'mode'], site.args)
  const modes = mode === undefined ? [] : (allConstants(mode) ?? [])
  return modes.some((each) => typeof each === 'string' && /[wax+]/.test(each))
    ? savedUnder([0, 'file', 'path'])(site)
    : undefined
}

/** `Path(folder / name).open('wb')`. */
export function pathOpenedForWriting(site: CallSite): Verdict | undefined {
  const mode = argumentAt([0, 'mode'], site.args)
  const modes = mode === undefined ? [] : (allConstants(mode) ?? [])
  return modes.some((each) => typeof each === 'string' && /[wax+]/.test(each))
    ? savedUnder('receiver')(site)
    : undefined
}

/** `multer.diskStorage({ filename })`: the function is run with a file that came under some name. */
export function storageOf({ call, args, frame, engine }: CallSite): undefined {
  const filename = fieldValue(args.positional[0], 'filename', frame)
  for (const ref of filename?.refs ?? []) {
    if (ref.kind !== 'function') continue
    const { ir } = engine.program.function(ref.id)
    const span = { start: ir.start, end: ir.start + 1 }
    const positional = ['express.Request', 'multer.File', 'multer.Named'].map((name) =>
      externalNamed(name, span, frame, engine),
    )
    const before = frame.state
    engine.call(
      ref.id,
      ref.self,
      { positional, named: new Map(), more: undefined, temps: [] },
      ref.closure,
      frame,
      call,
    )
    frame.state = before
  }
  return undefined
}

/** `callback(null, name)` of the function that names files, unless another one looks at their endings first. */
export function namedByCallback(site: CallSite): Verdict | undefined {
  const { args, frame, engine } = site
  const found = savedUnder(1)(site)
  if (found === undefined || args.positional.length < 2) return undefined
  const filters = [...engine.program.modules.values()].flatMap(({ text }) => {
    const at = text.search(/\bfileFilter\b/)
    return at === -1 || !/\bmulter\b/.test(text) ? [] : [text]
  })
  const own = filters.includes(frame.facts.module.text) ? [frame.facts.module.text] : filters
  if (own.length === 0) return found
  return own.some((text) => looksAtEnding(text)) ? undefined : { ...found, confidence: 'low' }
}

/** Whether what a filter does, or a function it names, looks at the name a file came with. */
function looksAtEnding(text: string): boolean {
  const parts = [...text.matchAll(/\bfileFilter\b(?:\s*[:=]\s*(\w+)\s*[,;}\n])?/g)].flatMap((match) => {
    const name = match[1]
    const at =
      name === undefined ? (match.index ?? 0) : text.search(new RegExp(`\\b(?:function\\s+${name}|${name}\\s*=)`))
    return at === -1 ? [] : [text.slice(at, at + 700)]
  })
  return parts.length === 0 || parts.some((part) => /originalname|extname|extension/i.test(part))
}

function verdictOf(value: Value | undefined, frame: Frame): Verdict | undefined {
  const label = value?.labels.find((each) => (each.kinds & upload) !== 0 && isGivenName(each, frame))
  if (label === undefined) return undefined
  return { message, label, confidence: (label.sure & upload) === 0 ? 'low' : 'medium' }
}

/** Whether text is the name, or the ending of the name, that an upload came with. */
function isGivenName(label: Label, frame: Frame): boolean {
  const { source } = label
  if (source.input === uploadName) return true
  const reads = [textAt(source, frame)]
  for (let { steps } = label; steps !== undefined; steps = steps.previous) {
    if (steps.message.startsWith('read: ')) reads.push(steps.message.slice(6))
  }
  if (reads.some((read) => chosen.test(read))) return false
  if (source.input === 'an uploaded file') return reads.some((read) => givenName.test(read))
  return /body|form/.test(source.input) && reads.some((read) => fileLike.test(read))
}

function textAt({ path, start, end }: Place, frame: Frame): string {
  return path === frame.facts.module.path ? frame.facts.module.text.slice(start, Math.min(end, start + 120)) : ''
}

/** Whether the text surely ends with an ending of the program's: `f"{stem}.png"`. */
function endsFixed(temp: Temp, frame: Frame, depth: number): boolean {
  const definition = definitionOf(temp, frame)
  if (definition === undefined || depth > 6) return false
  const next = (each: Temp | undefined): boolean => each !== undefined && endsFixed(each, frame, depth + 1)
  switch (definition.op) {
    case 'constant':
      return typeof definition.value === 'string' && /\.\w{2,5}$/.test(definition.value)
    case 'text':
      return next(definition.parts.at(-1))
    case 'binary':
      return /^[+/]$/.test(definition.operator) && next(definition.right)
    case 'load':
      return next(onlyStore(definition.slot, frame))
    case 'call':
      return (
        /^(?:join|resolve|joinpath|with_suffix)$/.test(definition.method ?? '') &&
        next(definition.arguments.at(-1)?.value)
      )
    default:
      return false
  }
}
