import type { Confidence, Severity } from '#bench/findings'
import { standardLibrary } from '../imports/tables/python-standard-library.ts'

/** How a complaint is reported: as its rule has it, or with another weight. */
export interface Size {
  readonly severity?: Severity
  readonly confidence?: Confidence
}

const doubtful: Size = { severity: 'low', confidence: 'low' }
/** What every Python has, without stubs and without doubt. */
const builtIn = /for class "(?:type\[)?(?:Literal\[|(?:str|int|float|bool|bytes|list|dict|tuple|set|frozenset)\b)/

/** `asyncio` of `"x" is not a known attribute of module "asyncio.tasks"`. */
function moduleIn(message: string): string {
  return /attribute of module "(\w+)/.exec(message)?.[1] ?? ''
}

/**
 * The weight of what pyright complains about, or undefined when it is no defect of a running program. On code that is
 * known to work (Django, Flask, the standard library) pyright is wrong about mixins, attributes set from outside, descriptors
 * and overloads; about built-in types and the parameters of plain functions it is right.
 */
export function sizeOf(rule: string, message: string): Size | undefined {
  if (/"(?:cached_property|__proxy__)"/.test(message)) return undefined
  switch (rule) {
    case 'reportAttributeAccessIssue':
      // Python lets anybody set an attribute, and names that are imported are compared by the analyzer of imports.
      if (/^Cannot assign|unknown import symbol/.test(message)) return undefined
      return builtIn.test(message) || standardLibrary(moduleIn(message)) !== undefined ? {} : doubtful
    case 'reportCallIssue':
      return /^(?:Argument missing|Arguments missing|Expected \d+ (?:positional|more)|No parameter named)/.test(message)
        ? {}
        : doubtful
    default:
      return {}
  }
}
