/** A part of a regular expression that is repeated or stands alone. */
interface Atom {
  /** The characters it can start with, tried on {@link samples}. */
  readonly starts: ReadonlySet<string>
  readonly optional: boolean
  readonly unbounded: boolean
}

const samples = [...'abcdefghijklmnopqrstuvwxyzAZ059_-.@/:;, \t\n!#$%&*+=?<>()[]{}|~^"\'\\é']
const longest = 300
const deepest = 12

/**
 * Whether matching a pattern can take time that doubles with every character: a group repeated without bound whose
 * content can match one text in several ways, by an inner repetition without a separator (`(a+)+`) or by alternatives
 * that start alike (`(\d|[0-9a-f])+`). The test is conservative: what it does not understand is no.
 */
export function isExponential(pattern: string): boolean {
  if (pattern.length > longest) return false
  const reader = { pattern, at: 0, found: false }
  readAlternatives(reader, 0)
  return reader.found
}

interface Reader {
  readonly pattern: string
  at: number
  found: boolean
}

function readAlternatives(reader: Reader, depth: number): Atom[][] {
  const alternatives: Atom[][] = [[]]
  while (reader.at < reader.pattern.length && depth < deepest) {
    const character = reader.pattern[reader.at]
    if (character === ')') break
    if (character === '|') {
      reader.at += 1
      alternatives.push([])
    } else {
      const atom = readAtom(reader, depth)
      if (atom !== undefined) alternatives.at(-1)?.push(atom)
    }
  }
  return alternatives
}

function readAtom(reader: Reader, depth: number): Atom | undefined {
  const rest = reader.pattern.slice(reader.at)
  const group = /^\((?:\?(?::|P?<\w{1,40}>))?/.exec(rest)
  if (group !== null && !/^\(\?(?:[=!]|<[=!])/.test(rest)) {
    reader.at += group[0].length
    const inner = readAlternatives(reader, depth + 1)
    if (reader.pattern[reader.at] === ')') reader.at += 1
    const { optional, unbounded } = readQuantifier(reader)
    if (unbounded && isAmbiguous(inner)) reader.found = true
    const isEmpty = inner.some((atoms) => atoms.every((atom) => atom.optional))
    // A group that is one repeated atom repeats like it.
    const isRepeated = inner.some((atoms) => atoms.length === 1 && atoms[0]?.unbounded === true)
    return {
      starts: new Set(inner.flatMap((atoms) => [...startsOf(atoms)])),
      optional: optional || isEmpty,
      unbounded: unbounded || isRepeated,
    }
  }
  const token = /^(?:\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\]){0,200}\]|[\s\S])/.exec(rest)?.[0] ?? ''
  reader.at += Math.max(1, token.length)
  if (/^(?:[\^$]|\\[bBAZz])$/.test(token)) return undefined
  const quantifier = readQuantifier(reader)
  return { starts: matching(token), ...quantifier }
}

function readQuantifier(reader: Reader): { readonly optional: boolean; readonly unbounded: boolean } {
  const found = /^(?:[*+?]|\{(\d{1,6})(?:(,)(\d{0,6}))?\})[?+]?/.exec(reader.pattern.slice(reader.at))
  if (found === null) return { optional: false, unbounded: false }
  reader.at += found[0].length
  const sign = found[0][0]
  if (sign !== '{') return { optional: sign !== '+', unbounded: sign !== '?' }
  return { optional: Number(found[1]) === 0, unbounded: found[2] === ',' && found[3] === '' }
}

/** Whether one text can be matched by several rounds of the group in more than one way. */
function isAmbiguous(alternatives: readonly Atom[][]): boolean {
  const isRepeatedAlone = alternatives.some((atoms) =>
    atoms.some((atom, at) => atom.unbounded && atoms.every((other, place) => place === at || other.optional)),
  )
  if (isRepeatedAlone) return true
  return alternatives.some((atoms, at) =>
    alternatives.slice(at + 1).some((others) => {
      const starts = startsOf(others)
      // Longer alternatives may part later; only single characters surely overlap.
      return atoms.length === 1 && others.length === 1 && [...startsOf(atoms)].some((each) => starts.has(each))
    }),
  )
}

function startsOf(atoms: readonly Atom[]): Set<string> {
  const starts = new Set<string>()
  for (const atom of atoms) {
    for (const each of atom.starts) starts.add(each)
    if (!atom.optional) break
  }
  return starts
}

/** The sample characters one token matches; the token is a single character, escape or class, so this is linear. */
function matching(token: string): Set<string> {
  try {
    const one = new RegExp(`^${/^[*+?{}()|]$/.test(token) ? `\\${token}` : token}$`)
    return new Set(samples.filter((each) => one.test(each)))
  } catch (error) {
    if (error instanceof SyntaxError) return new Set()
    throw error
  }
}
