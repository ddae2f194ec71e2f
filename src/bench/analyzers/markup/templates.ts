import type { Language } from '#bench/apps'
import { blank } from '#bench/syntax'

/** A page or template as html-validate can read it: same length, same lines. */
export interface Page {
  readonly text: string
  /** True when it holds template tags, so that parts of it are decided elsewhere. */
  readonly template: boolean
  /** True when it is no page of its own: no `<html>`, or it extends another template. */
  readonly part: boolean
  /** Whether anything between two offsets is written by a template tag. */
  dynamic(start: number, end: number): boolean
  /** Whether a template decides which attributes the tag between two offsets has: a value inside quotes does not. */
  openEnded(start: number, end: number): boolean
}

interface Tag {
  readonly start: number
  readonly end: number
  /** Puts text into the page; otherwise a statement or comment. */
  readonly output: boolean
}

/** Opening and closing of template tags, and whether they put text into the page. */
const jinjaTags = [
  ['{{', '}}', true],
  ['{%', '%}', false],
  ['{#', '#}', false],
] as const
const ejsTags = [
  ['<%=', '%>', true],
  ['<%-', '%>', true],
  ['<%', '%>', false],
] as const

/** Replaces template tags by text of the same length, and the scripts and styles of components by blanks. */
export function pageOf(language: Language, source: string): Page {
  const tags = tagsOf(language, source)
  let text = ''
  let at = 0
  for (const tag of tags) {
    const inside = source.slice(tag.start, tag.end)
    text += source.slice(at, tag.start) + (tag.output ? inside.replace(/[^\r\n]/g, 'x') : blank(inside))
    at = tag.end
  }
  text += source.slice(at)
  if (language === 'vue' || language === 'svelte') text = withoutCode(text)
  return {
    text,
    template: tags.length > 0 || language === 'vue' || language === 'svelte',
    part: !/<html[\s>]/i.test(text),
    dynamic: (start, end) => tags.some((tag) => tag.start < end && tag.end > start),
    openEnded: (start, end) =>
      tags.some(
        (tag) => tag.start < end && tag.end > start && (!tag.output || !isQuoted(text.slice(start, tag.start))),
      ),
  }
}

/** Whether a tag cut off here stands inside a quoted value. */
function isQuoted(tag: string): boolean {
  let quote = ''
  for (const character of tag) {
    if (quote === '' ? character === '"' || character === "'" : character === quote)
      quote = quote === '' ? character : ''
  }
  return quote !== ''
}

function tagsOf(language: Language, source: string): Tag[] {
  if (language === 'svelte') return braces(source)
  const kinds = language === 'ejs' ? ejsTags : jinjaTags
  const opening = language === 'ejs' ? /<%[=-]?/g : /\{[{%#]/g
  const tags: Tag[] = []
  for (let match = opening.exec(source); match !== null; match = opening.exec(source)) {
    const kind = kinds.find(([start]) => start === match?.[0])
    const closing = kind === undefined ? -1 : source.indexOf(kind[1], opening.lastIndex)
    if (kind === undefined || closing < 0) break
    tags.push({ start: match.index, end: closing + kind[1].length, output: kind[2] })
    opening.lastIndex = closing + kind[1].length
  }
  return tags
}

/** Svelte's `{expression}` and `{#block}`, with braces inside. */
function braces(source: string): Tag[] {
  const tags: Tag[] = []
  for (let start = source.indexOf('{'); start >= 0; start = source.indexOf('{', start)) {
    let depth = 0
    let end = start
    for (; end < source.length; end++) {
      if (source[end] === '{') depth += 1
      else if (source[end] === '}' && --depth === 0) break
    }
    tags.push({ start, end: end + 1, output: !/[#/:@]/.test(source[start + 1] ?? '') })
    start = end + 1
  }
  return tags
}

/** Component files: the scripts, styles and the `<template>` tags themselves are not markup of the page. */
function withoutCode(text: string): string {
  let result = ''
  let at = 0
  for (const match of text.matchAll(/<(script|style)\b/gi)) {
    if (match.index < at) continue
    const closing = text.indexOf(`</${match[1] ?? ''}`, match.index)
    const end = closing < 0 ? text.length : text.indexOf('>', closing) + 1 || text.length
    result += text.slice(at, match.index) + blank(text.slice(match.index, end))
    at = end
  }
  result += text.slice(at)
  return result.replace(/^<\/?template\b[^>]*>/gm, blank)
}
