import type { FunctionId } from '../ir/ir.ts'

/** Hands out numbers for what must be told apart: objects, access paths, calls. */
export interface Numbers {
  /** The number of a text; the same one for the same text. */
  number(text: string): number
  /** A number for a thing told apart otherwise. */
  newNumber(): number
  /** Tells calls of a function apart by the context of the caller and the place of the call. */
  contextOf(outer: number, site: number, id: FunctionId): number
}

/** More functions than an app has; with an offset in a file they are still one exact number. */
const maximalFunctions = 2 ** 26

export function newNumbers(): Numbers {
  const texts = new Map<string, number>()
  const contexts = new Map<number, Map<number, number>>()
  let next = 0
  return {
    number(text) {
      let number = texts.get(text)
      if (number === undefined) {
        number = next++
        texts.set(text, number)
      }
      return number
    },
    newNumber: () => next++,
    contextOf(outer, site, id) {
      let inner = contexts.get(outer)
      if (inner === undefined) {
        inner = new Map()
        contexts.set(outer, inner)
      }
      const key = site * maximalFunctions + id
      let context = inner.get(key)
      if (context === undefined) {
        context = next++
        inner.set(key, context)
      }
      return context
    },
  }
}
