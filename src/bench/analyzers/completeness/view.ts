import type { SnapshotFile } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import type { CodeNode } from '#bench/syntax'
import { type TextLines, textLines } from '../excerpt.ts'
import type { CompletenessRule } from './rules.ts'

/** One file as the judges see it. */
export interface View {
  readonly path: string
  readonly text: string
  readonly lines: TextLines
  readonly file: SnapshotFile
  /** The syntax tree; for pages and single-file components, of their scripts. */
  readonly root: CodeNode | undefined
  /** What the tree is of. */
  readonly grammar: 'python' | 'javascript' | undefined
}

export function viewOf(file: SnapshotFile, text: string, root: CodeNode | undefined, grammar: View['grammar']): View {
  return { path: file.path, text, lines: textLines(text), file, root, grammar }
}

type More = Partial<Pick<RawFinding, 'severity' | 'confidence' | 'subject' | 'fix'>>

/** A finding at a line of a file. */
export function findingAt(
  view: View,
  rule: CompletenessRule,
  line: number,
  message: string,
  more: More = {},
): RawFinding {
  const region = { startLine: Math.max(1, line) }
  const snippet = view.lines.excerpt(region).trim()
  return {
    rule,
    message,
    location: { kind: 'file', path: view.path, region },
    ...(snippet !== '' && { evidence: { snippet } }),
    ...more,
  }
}

/** A finding at a node of the tree. */
export function findingOn(
  view: View,
  rule: CompletenessRule,
  node: CodeNode,
  message: string,
  more: More = {},
): RawFinding {
  const found = findingAt(view, rule, node.line, message, more)
  return {
    ...found,
    location: { kind: 'file', path: view.path, region: { startLine: node.line, endLine: node.endLine } },
  }
}

/** The line an offset lies in, from 1. */
export function lineAt(view: View, offset: number): number {
  return view.lines.region(offset, offset).startLine
}
