import type { RawFinding } from '#bench/findings'
import { nodesUnder, textOf } from '#bench/syntax'
import { findingAt, lineAt, type View } from './view.ts'

/** Things whose absence a comment announces. */
const things =
  '(?:code|components?|files?|functions?|implementations?|handlers?|methods?|routes?|endpoints?|logic|class|styles?|imports?|html|jsx|markup|content|props|state|fields|models?|configuration|config|script)'
const elisions: readonly RegExp[] = [
  new RegExp(
    `^(?:\\.{3}|…).{0,20}\\b(?:rest|remaining|existing|other|previous|same|unchanged|omitted|more ${things}|your)\\b`,
    'i',
  ),
  new RegExp(
    `\\b(?:rest|remainder) of (?:the |your |this |my )?(?:\\w+ )?${things}\\b.{0,40}(?:same|unchanged|here|remains?|stays?|as before|omitted|\\.{3}|…)`,
    'i',
  ),
  new RegExp(
    `\\b(?:existing|previous|original|remaining|other) (?:\\w+ )?${things}\\b.{0,40}(?:(?:goes|go|stays?|remains?|unchanged|as (?:is|before)|the same|omitted)\\b|\\.{3}$|…$|^)`,
    'i',
  ),
  new RegExp(
    `^(?:${things}|everything else|the rest|all else) (?:remains?|stays?|kept) (?:unchanged|the same)\\b`,
    'i',
  ),
  /^\.{3} ?\(?(?:unchanged|same as (?:before|above)|omitted(?: for brevity)?)\)?\.?$/i,
  /\bomitted for brevity\b/i,
]
/** A comment that begins like this and ends in dots stands for what is not there. */
const dotted = new RegExp(
  `^(?:keep |the )?(?:rest|existing|previous|remaining|other) (?:of )?(?:\\w+ ){0,3}${things}? ?(?:here)?\\s?(?:\\.{3}|…)$`,
  'i',
)
const onlyDots = /^(?:\.{3}|…)$/
const implementMe =
  /^(?:please |to ?do:? |need to |must )?implement (?:me|this|it|your|here|the|actual|real)\b|\b(?:implement (?:me|your|actual|real)\b|(?:your|actual|real) (?:\w+ )?(?:implementation|logic|code) (?:goes |would go |will go |should go )?here|(?:implementation|logic|code) goes here|add your (?:\w+ ){0,3}(?:here|logic|code)|insert (?:your )?(?:code|logic) here|not (?:yet )?implemented|to be implemented|coming soon|placeholder (?:implementation|for now|logic)|in a real (?:app|application|implementation|world|system)\b.{0,40}\b(?:would|should|you)\b)/i
const todo = /^(?:@?todo|fixme|xxx)\b[:( ]?/i
const todoWork =
  /\b(?:implement|finish|complete|write|build|create|add|connect|integrate|replace|handle|hook|wire|call|save|send|fetch|load)\b/i

/** What a comment says is missing. */
export function judgeComments(view: View): RawFinding[] {
  return commentsOf(view).flatMap(({ text, line, parts }): RawFinding[] => {
    if (isElision(text)) {
      const confidence = onlyDots.test(text) ? { confidence: 'medium' as const, severity: 'low' as const } : {}
      return [
        findingAt(view, 'elided-code', line, `"${short(text)}" stands for code that is not in the file.`, confidence),
      ]
    }
    // Long comments explain; a request is short.
    if (text.length <= 200 && implementMe.test(text))
      return [findingAt(view, 'implement-me', line, `"${short(text)}" asks for code that is not there.`)]
    return parts.flatMap((part, index): RawFinding[] => {
      if (!todo.test(part)) return []
      const message = `"${short(part)}"`
      return todoWork.test(part)
        ? [findingAt(view, 'implement-me', line + index, `${message} asks for code that is not there.`)]
        : [findingAt(view, 'todo', line + index, `${message} is still to be done.`)]
    })
  })
}

interface Comment {
  readonly text: string
  readonly line: number
  /** The comment line by line. */
  readonly parts: readonly string[]
}

export function isElision(text: string): boolean {
  return (
    text.length <= 160 && (onlyDots.test(text) || dotted.test(text) || elisions.some((pattern) => pattern.test(text)))
  )
}

/** Whether a comment says that the code around it does not exist yet. */
export function asksForCode(text: string): boolean {
  return implementMe.test(text) || todo.test(text) || isElision(text)
}

function commentsOf(view: View): Comment[] {
  const comments: Comment[] = []
  let block: { text: string; line: number; last: number; column: number } | undefined
  const close = () => {
    if (block !== undefined) comments.push(commentOf(block.text, block.line))
    block = undefined
  }
  for (const node of view.root === undefined ? [] : nodesUnder(view.root)) {
    if (node.type !== 'comment') continue
    // Line comments under each other are one comment.
    if (
      block !== undefined &&
      node.line === block.last + 1 &&
      node.column === block.column &&
      !textOf(node).startsWith('/*')
    ) {
      block = { ...block, text: `${block.text}\n${textOf(node)}`, last: node.endLine }
      continue
    }
    close()
    block = { text: textOf(node), line: node.line, last: node.endLine, column: node.column }
  }
  close()
  const isPage = ['html', 'vue', 'svelte', 'jinja'].includes(view.file.language ?? '')
  const isStyle = view.file.language === 'css' || view.file.language === 'scss'
  const other = isPage
    ? /<!--([\s\S]{0,2000}?)-->|\{#([\s\S]{0,2000}?)#\}/g
    : isStyle
      ? /\/\*([\s\S]{0,2000}?)\*\//g
      : undefined
  if (other !== undefined)
    for (const match of view.text.matchAll(other)) comments.push(commentOf(match[0], lineAt(view, match.index)))
  return comments
}

function commentOf(raw: string, line: number): Comment {
  const parts = raw.split('\n').map(plain)
  return { text: parts.join(' ').trim(), line, parts }
}

/** A comment's words without its marks. */
export function plain(comment: string): string {
  return (
    comment
      .trim()
      .replace(/^(?:\/\/+|\/\*+|\*(?!\/)|#+|<!--|\{#)\s?/, '')
      .replace(/(?:\*+\/|-->|#\})$/, '')
      .trim()
      .replace(/^[-=*\s]+(?=\w)/, '')
      // What is quoted is spoken about, not asked for.
      .replace(/(["`'“])[^"`'“”]{1,80}(["`'”])(?!\w)/g, '$1…$2')
  )
}

function short(text: string): string {
  return text.length <= 90 ? text : `${text.slice(0, 89)}…`
}
