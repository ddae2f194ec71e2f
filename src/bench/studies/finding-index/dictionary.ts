/**
 * The distinct values of one column, each kept once under a small number, its code. Uses are counted: the code of a value
 * that no row has any more is given to another.
 */
export class Dictionary<Value extends string | number | null> {
  readonly #codes = new Map<Value, number>()
  readonly #values: (Value | undefined)[] = []
  #uses = new Uint32Array(16)
  readonly #free: number[] = []
  #ranks: Uint32Array | undefined

  /** The code of a value, which has one use more from now on. */
  take(value: Value): number {
    const known = this.#codes.get(value)
    if (known !== undefined) {
      this.#uses[known] = (this.#uses[known] ?? 0) + 1
      return known
    }
    const code = this.#free.pop() ?? this.#values.length
    if (code >= this.#uses.length) this.#uses = grown(this.#uses, code + 1)
    this.#codes.set(value, code)
    this.#values[code] = value
    this.#uses[code] = 1
    this.#ranks = undefined
    return code
  }

  /** Takes back one use of a code; with the last of them, the value is forgotten. */
  release(code: number): void {
    const uses = (this.#uses[code] ?? 0) - 1
    this.#uses[code] = uses
    const value = this.#values[code]
    if (uses > 0 || value === undefined) return
    this.#codes.delete(value)
    this.#values[code] = undefined
    this.#free.push(code)
    this.#ranks = undefined
  }

  /** @throws Error for a code that stands for nothing */
  value(code: number): Value {
    const value = this.#values[code]
    if (value === undefined) throw new Error(`No value has the code ${code}.`)
    return value
  }

  /** One more than the highest code. */
  get size(): number {
    return this.#values.length
  }

  /** By code: the place of the value among all in ascending order, two apart, from 1; see {@link rankOf}. */
  ranks(): Uint32Array {
    if (this.#ranks !== undefined) return this.#ranks
    const ranks = new Uint32Array(this.#values.length)
    for (const [place, code] of this.#sorted().entries()) ranks[code] = 2 * place + 1
    this.#ranks = ranks
    return ranks
  }

  /** The rank of a value; an even number between those of its neighbours where no row has it. */
  rankOf(value: Value): number {
    const code = this.#codes.get(value)
    const ranks = this.ranks()
    if (code !== undefined) return ranks[code] ?? 0
    let smaller = 0
    for (const other of this.#codes.keys()) if (compareValues(other, value) < 0) smaller += 1
    return 2 * smaller
  }

  #sorted(): number[] {
    return [...this.#codes].sort(([a], [b]) => compareValues(a, b)).map(([, code]) => code)
  }
}

/**
 * Numbers by size; texts by their code points, as PostgreSQL's collation `C` has them in UTF-8. JavaScript compares code
 * units, of which those of a surrogate pair come before U+E000 to U+FFFF.
 */
export function compareValues(a: string | number | null, b: string | number | null): number {
  if (typeof a !== 'string' || typeof b !== 'string') return Number(a) - Number(b)
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index += 1) {
    const [one, other] = [a.charCodeAt(index), b.charCodeAt(index)]
    if (one !== other) return inOrder(one) - inOrder(other)
  }
  return a.length - b.length
}

/** Moves surrogates behind all other code units. */
function inOrder(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit
}

/** A copy with room for at least so many numbers, and for as many again as there were. */
function grown(numbers: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(Math.max(length, numbers.length * 2))
  copy.set(numbers)
  return copy
}
