/** Lines and columns (from 1) of offsets in one text, by binary search. */
export class Positions {
  readonly #starts: number[]
  readonly #length: number

  constructor(text: string) {
    this.#length = text.length
    this.#starts = [0]
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1)
  }

  at(offset: number): { readonly line: number; readonly column: number } {
    const place = Math.min(Math.max(offset, 0), this.#length)
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= place) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: place - (this.#starts[low] ?? 0) + 1 }
  }

  lineAt(offset: number): number {
    return this.at(offset).line
  }
}
