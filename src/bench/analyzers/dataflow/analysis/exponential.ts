/**
 * Whether matching a pattern can take time that doubles with every character: one text leads through a repetition in two ways
 * (`(a+)+`, `(a|aa)+`, `(\d|[0-9a-f])+`). The pattern becomes Glushkov's automaton, whose states are its characters; it is exponential
 * when some state can be left and met again by two paths over the same text (Weber and Seidl, "On the degree of ambiguity of finite
 * automata", 1991, criterion EDA). What is not understood is no.
 */
export function isExponential(pattern: string): boolean {
  if (pattern.length > longest) return false
  const reader: Reader = { pattern, at: 0, sets: [], edges: new Map(), isTooMuch: false }
  readAlternatives(reader, 0)
  return !reader.isTooMuch && isAmbiguous(reader)
}

/** Where a part of the pattern may begin and end, as states. */
interface Part {
  readonly first: readonly number[]
  readonly last: readonly number[]
  readonly isEmptyAllowed: boolean
}

interface Reader {
  readonly pattern: string
  at: number
  /** The samples each state matches. */
  readonly sets: ReadonlySet<string>[]
  /** State → the states that may follow, with the number of ways there (1 or 2). */
  readonly edges: Map<number, Map<number, number>>
  isTooMuch: boolean
}

const samples = [...'abcdefghijklmnopqrstuvwxyzAZ059_-.@/:;, \t\n!#$%&*+=?<>()[]{}|~^"\'\\é']
const longest = 300
const deepest = 12
const maximalStates = 120
const maximalCopies = 6
const nothing: Part = { first: [], last: [], isEmptyAllowed: true }

function readAlternatives(reader: Reader, depth: number): Part {
  const alternatives: Part[] = [nothing]
  while (reader.at < reader.pattern.length && depth < deepest) {
    const character = reader.pattern[reader.at]
    if (character === ')') break
    if (character === '|') {
      reader.at += 1
      alternatives.push(nothing)
    } else {
      const before = alternatives.pop() ?? nothing
      alternatives.push(inRow(before, readRepeated(reader, depth), reader))
    }
  }
  return alternatives.reduce((one, other) => ({
    first: [...one.first, ...other.first],
    last: [...one.last, ...other.last],
    isEmptyAllowed: one.isEmptyAllowed || other.isEmptyAllowed,
  }))
}

/** A character or group with its quantifier; counted repetitions are written out. */
function readRepeated(reader: Reader, depth: number): Part {
  const start = reader.at
  const one = readAtom(reader, depth)
  const after = reader.at
  const { least, most } = readQuantifier(reader)
  const end = reader.at
  const copies = Math.min(most === Number.POSITIVE_INFINITY ? Math.max(1, least) : most, maximalCopies)
  // From the end: of copies that may be missing, one is there only when those before it are.
  let all = nothing
  for (let copy = copies - 1; copy >= 0 && !reader.isTooMuch; copy--) {
    reader.at = start
    const part = copy === 0 ? one : readAtom(reader, depth)
    if (copy === copies - 1 && most === Number.POSITIVE_INFINITY) {
      for (const last of part.last) for (const first of part.first) join(last, first, reader)
    }
    all = inRow(part, all, reader)
    if (copy >= least) all = { ...all, isEmptyAllowed: true }
  }
  reader.at = Math.max(after, end)
  return all
}

function inRow(one: Part, other: Part, reader: Reader): Part {
  for (const last of one.last) for (const first of other.first) join(last, first, reader)
  return {
    first: one.isEmptyAllowed ? [...one.first, ...other.first] : one.first,
    last: other.isEmptyAllowed ? [...one.last, ...other.last] : other.last,
    isEmptyAllowed: one.isEmptyAllowed && other.isEmptyAllowed,
  }
}

function join(from: number, to: number, { edges }: Reader): void {
  const follows = edges.get(from) ?? new Map<number, number>()
  follows.set(to, Math.min(2, (follows.get(to) ?? 0) + 1))
  edges.set(from, follows)
}

function readAtom(reader: Reader, depth: number): Part {
  const rest = reader.pattern.slice(reader.at)
  const group = /^\((?:\?(?::|P?<\w{1,40}>))?/.exec(rest)
  if (group !== null && !/^\(\?(?:[=!]|<[=!])/.test(rest)) {
    reader.at += group[0].length
    const inner = readAlternatives(reader, depth + 1)
    if (reader.pattern[reader.at] === ')') reader.at += 1
    return inner
  }
  const token = /^(?:\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\]){0,200}\]|[\s\S])/.exec(rest)?.[0] ?? ''
  reader.at += Math.max(1, token.length)
  if (/^(?:[\^$]|\\[bBAZz])$/.test(token)) return nothing
  if (reader.sets.length >= maximalStates) {
    reader.isTooMuch = true
    return nothing
  }
  reader.sets.push(matching(token))
  const state = reader.sets.length - 1
  return { first: [state], last: [state], isEmptyAllowed: false }
}

function readQuantifier(reader: Reader): { readonly least: number; readonly most: number } {
  const found = /^(?:[*+?]|\{(\d{1,6})(?:(,)(\d{0,6}))?\})[?+]?/.exec(reader.pattern.slice(reader.at))
  if (found === null) return { least: 1, most: 1 }
  reader.at += found[0].length
  const [, least, comma, most] = found
  if (least === undefined) {
    const sign = found[0][0]
    return { least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY }
  }
  if (comma === undefined) return { least: Number(least), most: Number(least) }
  return { least: Number(least), most: most === '' ? Number.POSITIVE_INFINITY : Number(most) }
}

/** Whether a state is met again by two paths over one text. */
function isAmbiguous({ sets, edges }: Reader): boolean {
  for (const state of sets.keys()) {
    const round = reachable([state], (each) => [...(edges.get(each)?.keys() ?? [])])
    if (!round.has(state)) continue
    // A way that is there twice, on the way round.
    for (const each of round) {
      for (const [next, ways] of edges.get(each) ?? []) {
        if (ways > 1 && (next === state || reachable([next], follow(edges)).has(state))) return true
      }
    }
    if (partsAndMeets(state, sets, edges)) return true
  }
  return false
}

const follow = (edges: Reader['edges']) => (state: number) => [...(edges.get(state)?.keys() ?? [])]

/** Two walkers leave a state with the same text, are at different states in between, and meet at the state again. */
function partsAndMeets(state: number, sets: Reader['sets'], edges: Reader['edges']): boolean {
  const width = sets.length
  const pairsAfter = (pair: number): number[] => {
    const after: number[] = []
    for (const one of edges.get(Math.floor(pair / width))?.keys() ?? []) {
      for (const other of edges.get(pair % width)?.keys() ?? []) {
        if (shares(sets[one], sets[other])) after.push(one * width + other)
      }
    }
    return after
  }
  const together = state * width + state
  for (const pair of reachable([together], pairsAfter)) {
    if (Math.floor(pair / width) !== pair % width && reachable([pair], pairsAfter).has(together)) return true
  }
  return false
}

const maximalPairs = 4000

/** What can be reached in one step or more. */
function reachable(from: readonly number[], next: (each: number) => readonly number[]): Set<number> {
  const found = new Set<number>()
  const open = [...from]
  for (let each = open.pop(); each !== undefined && found.size < maximalPairs; each = open.pop()) {
    for (const after of next(each)) {
      if (found.has(after)) continue
      found.add(after)
      open.push(after)
    }
  }
  return found
}

function shares(one: ReadonlySet<string> | undefined, other: ReadonlySet<string> | undefined): boolean {
  if (one === other) return one !== undefined && one.size > 0
  for (const each of one ?? []) if (other?.has(each) === true) return true
  return false
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
