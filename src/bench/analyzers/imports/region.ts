import type { Region } from '#bench/findings'
import type { SyntaxNode } from '#bench/syntax'

/** Where a node stands, moved down by the lines that come before its text in the file (script blocks). */
export function regionOf(node: SyntaxNode, linesBefore = 0): Region {
  const { startPosition: start, endPosition: end } = node
  return {
    startLine: start.row + 1 + linesBefore,
    startColumn: start.column + 1,
    endLine: end.row + 1 + linesBefore,
    endColumn: end.column + 1,
  }
}

/** The line, from 1, of the first syntax error in a tree that has one. */
export function firstError(root: SyntaxNode): number {
  let node = root
  for (;;) {
    const inner = node.children.find((child) => child?.isError || child?.isMissing || child?.hasError)
    if (!inner || inner.isError || inner.isMissing) return (inner ?? node).startPosition.row + 1
    node = inner
  }
}
