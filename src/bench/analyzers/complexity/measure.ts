import { parse, query, type SyntaxSource } from '#bench/syntax'
import { type FunctionMeasure, type Mark, measureFunctions } from './functions.ts'
import { countLines, type LineCounts } from './lines.ts'
import { queryOf } from './queries.ts'
import { type TokenStream, type TokenTable, tokenize } from './tokens.ts'

/** Everything measured of one file. */
export interface FileMeasure {
  readonly path: string
  readonly functions: readonly FunctionMeasure[]
  readonly lines: LineCounts
  readonly tokens: TokenStream
  /** The parser met syntax errors. */
  readonly broken: boolean
}

/** Measures one file in one query. */
export async function measureFile(
  path: string,
  code: SyntaxSource,
  table: TokenTable,
  digest?: string,
): Promise<FileMeasure> {
  const { language, text, embedded } = code
  const tree = await parse(language, text, embedded && digest !== undefined ? `${digest} scripts` : digest)
  const captures = query(tree, queryOf(language)).captures(tree.rootNode)
  const marks = captures.map(
    ({ name, node }): Mark => ({ kind: name, node, start: node.startIndex, end: node.endIndex }),
  )
  marks.sort((a, b) => a.start - b.start || b.end - a.end || rank(a.kind) - rank(b.kind))
  return {
    path,
    functions: measureFunctions(marks),
    lines: countLines(text, marks),
    tokens: tokenize(path, text, marks, table),
    broken: tree.rootNode.hasError,
  }
}

/** Of marks over the same text the outer comes first: a block before the only statement in it. */
function rank(kind: string): number {
  if (kind === 'body' || kind === 'elsebody') return 0
  return kind === 'function' ? 1 : 2
}
