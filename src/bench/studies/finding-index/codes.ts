type Numbers = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>

/** One whole number from 0 for each row, in as few bytes as the largest of them needs. */
export class Codes {
  #numbers: Numbers = new Uint8Array(0)

  /** By row; longer than there are rows. Another array after the next {@link set}. */
  get numbers(): Numbers {
    return this.#numbers
  }

  set(row: number, code: number): void {
    const room = row < this.#numbers.length ? this.#numbers.length : Math.max(256, row + 1, (row * 3) >> 1)
    if (room > this.#numbers.length || code >= 256 ** this.#numbers.BYTES_PER_ELEMENT) {
      const wide = Math.max(this.#numbers.BYTES_PER_ELEMENT, code < 256 ? 1 : code < 65_536 ? 2 : 4)
      const numbers = wide === 1 ? new Uint8Array(room) : wide === 2 ? new Uint16Array(room) : new Uint32Array(room)
      numbers.set(this.#numbers)
      this.#numbers = numbers
    }
    this.#numbers[row] = code
  }
}
