/**
 * The first `limit` of the numbers handed in, in an order given: a heap with the last of those kept on top, so that most
 * numbers are refused after one comparison.
 */
export class Smallest {
  readonly #limit: number
  readonly #compare: (a: number, b: number) => number
  readonly #heap: number[] = []

  /** @param compare below 0 where the first number comes first */
  constructor(limit: number, compare: (a: number, b: number) => number) {
    this.#limit = limit
    this.#compare = compare
  }

  add(number: number): void {
    const heap = this.#heap
    if (heap.length < this.#limit) {
      heap.push(number)
      this.#rise(heap.length - 1)
    } else if (heap.length > 0 && this.#compare(number, heap[0] ?? 0) < 0) {
      heap[0] = number
      this.#sink()
    }
  }

  inOrder(): readonly number[] {
    return this.#heap.toSorted(this.#compare)
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!this.#swapIfBefore(parent, at)) return
      at = parent
    }
  }

  #sink(): void {
    const heap = this.#heap
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      if (left >= heap.length) return
      const later = right < heap.length && this.#compare(heap[left] ?? 0, heap[right] ?? 0) < 0 ? right : left
      if (!this.#swapIfBefore(at, later)) return
      at = later
    }
  }

  /** Puts the later of the two above. */
  #swapIfBefore(above: number, below: number): boolean {
    const heap = this.#heap
    const [one, other] = [heap[above] ?? 0, heap[below] ?? 0]
    if (this.#compare(one, other) >= 0) return false
    heap[above] = other
    heap[below] = one
    return true
  }
}
