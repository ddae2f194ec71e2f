import { stripTypeScriptTypes } from 'node:module'
import type { RawFinding } from '#bench/findings'
import { type CodeNode, nodesUnder } from '#bench/syntax'
import type { Scan } from './scan.ts'
import { findingAt, type View } from './view.ts'

const templated = /\{%-?\s|\{\{[^{}]{0,200}\}\}|<%[-=]?\s/
/** Ends a statement, a block or a tag cannot have. */
const openEnd =
  /(?:[,([{=+\-*/&|<.:?\\]|=>|\b(?:and|or|not|in|is|if|else|return|import|from|const|let|var|def|class|function|await|async|new|lambda|with|for|while|except))$/

const headless =
  /^[ \t]*(?:async )?(?:def|class|if|elif|else|for|while|with|try|except|finally)\b[^\n#]{0,400}:$(?![\s\S])/m

/** Sources that do not parse: cut off, or wrong. */
export function judgeParsing(view: View, scanned: Scan | undefined): RawFinding[] {
  const { language } = view.file
  if (language === 'json') return judgeJson(view)
  if (language === 'html' || language === 'jinja') return judgePage(view)
  if (language === 'css' || language === 'scss') return judgeStyles(view, scanned)
  if (view.root === undefined || scanned === undefined) return []
  // A header without a body is no error to the grammar.
  if (view.grammar === 'python' && headless.test(withoutLastComment(view)) && !scanned.endsInText) {
    return [findingAt(view, 'truncated-file', lastLine(view), 'The file ends where a body should begin.')]
  }
  const broken = firstBroken(view.root)
  if (broken === undefined || parsesElsewhere(view)) return []
  if (isTruncated(view, scanned)) {
    const outer = scanned.unclosed.at(-1)
    const message = `The file ends in the middle${outer === undefined ? '' : `: "${outer.bracket}" of line ${outer.line} is never closed`}.`
    return [findingAt(view, 'truncated-file', lastLine(view), message, { confidence: 'high' })]
  }
  // The grammar of TSX rejects rare type syntax; brackets that match say that this is such a case.
  if (view.file.language === 'tsx' && scanned.unclosed.length === 0) return []
  // Flow types and template expressions are other languages than the grammar's.
  if (
    /@flow\b/.test(view.text.slice(0, 2000)) ||
    (view.grammar === 'javascript' && templated.test(view.text) && view.file.role !== 'source')
  )
    return []
  const unclosed = scanned.unclosed.at(-1)
  const detail =
    unclosed !== undefined && broken.missing ? ` "${unclosed.bracket}" of line ${unclosed.line} is never closed.` : ''
  return [findingAt(view, 'syntax-error', broken.line, `The source does not parse from here on.${detail}`)]
}

/** Valid code the grammar does not know: type arguments of tagged templates, `export type *`. */
const unknownToGrammar = /\w<[^<>\n]{0,400}[>}]>?`|\bexport type \*|\bimport defer\b|\bimport source\b/

/** A second opinion, by the parser inside Node: the grammar rejects some rare valid TypeScript. It knows no JSX. */
function parsesElsewhere(view: View): boolean {
  if (view.grammar !== 'javascript') return false
  if (unknownToGrammar.test(view.text)) return true
  if (view.file.language !== 'typescript' && view.file.language !== 'javascript') return false
  const warn = process.emitWarning
  // The function is announced as experimental at its first use; that is no news to users.
  process.emitWarning = () => undefined
  try {
    stripTypeScriptTypes(view.text, { mode: 'transform' })
    return true
  } catch (error) {
    if (
      error instanceof SyntaxError ||
      (error instanceof Error && 'code' in error && String(error.code).includes('TYPESCRIPT'))
    )
      return false
    throw error
  } finally {
    process.emitWarning = warn
  }
}

function firstBroken(root: CodeNode): CodeNode | undefined {
  let first: CodeNode | undefined
  for (const node of nodesUnder(root)) {
    if (node.type !== 'ERROR' && !node.missing) continue
    if (first === undefined || node.start < first.start)
      first = node.type === 'ERROR' ? (node.children.find((child) => child.type === 'ERROR') ?? node) : node
  }
  return first
}

function isTruncated(view: View, { unclosed, endsInText }: Scan): boolean {
  const code = withoutLastComment(view)
  if (endsInText) return true
  if (openEnd.test(code)) return true
  if (/^\s*(?:\.{3}|…)\s*$/.test(code.slice(code.lastIndexOf('\n') + 1)) && unclosed.length > 0) return true
  // A whole statement or block at the end means that something in front is wrong instead.
  return unclosed.length > 0 && !/[;})>\]"'`]$/.test(code)
}

/** The source up to its last line of code. */
function withoutLastComment(view: View): string {
  let code = view.text.trimEnd()
  for (;;) {
    const line = code.slice(code.lastIndexOf('\n') + 1)
    const blockComment = view.grammar === 'javascript' && code.endsWith('*/') ? code.lastIndexOf('/*') : -1
    const isComment = view.grammar === 'python' ? /^\s*#/.test(line) : /^\s*\/\//.test(line)
    if (blockComment !== -1) code = code.slice(0, blockComment).trimEnd()
    else if (isComment && line !== '') code = code.slice(0, code.length - line.length).trimEnd()
    else return code
  }
}

function lastLine(view: View): number {
  return view.text.trimEnd().split('\n').length
}

function judgeJson(view: View): RawFinding[] {
  // Configuration of tools allows comments and trailing commas.
  if (
    /(?:^|\/)(?:tsconfig|jsconfig|\.vscode\/|\.eslintrc|devcontainer|\.babelrc|\.swcrc|\.hintrc)|\.jsonc$/.test(
      view.path,
    )
  )
    return []
  if (view.text.trim() === '' || /^\s*\/[/*]/m.test(view.text) || templated.test(view.text)) return []
  try {
    JSON.parse(view.text)
    return []
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const position = /position (\d+)/.exec(error.message)?.[1]
    const atEnd = position !== undefined && Number(position) >= view.text.trimEnd().length
    if (atEnd || /end of JSON input|Unterminated/.test(error.message))
      return [findingAt(view, 'truncated-file', lastLine(view), 'The JSON document ends in the middle.')]
    const line = position === undefined ? 1 : view.text.slice(0, Number(position)).split('\n').length
    return [
      findingAt(view, 'syntax-error', line, `The JSON document does not parse: ${error.message}.`, {
        confidence: 'high',
      }),
    ]
  }
}

function judgePage(view: View): RawFinding[] {
  const trimmed = view.text.trimEnd()
  const open = trimmed.lastIndexOf('<')
  const midTag =
    open > trimmed.lastIndexOf('>') && /^<\/?[a-zA-Z]/.test(trimmed.slice(open)) && !/\{[{%]/.test(trimmed.slice(open))
  const lowered = trimmed.toLowerCase()
  const openScript = lowered.lastIndexOf('<script') > lowered.lastIndexOf('</script')
  const openBody =
    lowered.includes('<body') &&
    !lowered.includes('</body') &&
    !lowered.includes('</html') &&
    !/\{%|\{\{|<%/.test(trimmed)
  if (!midTag && !openScript && !openBody) return []
  const what = midTag ? 'a tag' : openScript ? 'a script' : 'the body'
  return [
    findingAt(
      view,
      'truncated-file',
      lastLine(view),
      `The page ends in the middle of ${what}.`,
      midTag || openScript ? {} : { confidence: 'medium' },
    ),
  ]
}

function judgeStyles(view: View, scanned: Scan | undefined): RawFinding[] {
  const open = scanned?.unclosed.at(-1)
  if (scanned === undefined || (open?.bracket !== '{' && !scanned.endsInText)) return []
  return [
    findingAt(
      view,
      'truncated-file',
      lastLine(view),
      `The style sheet ends in the middle${open === undefined ? '' : `: "{" of line ${open.line} is never closed`}.`,
    ),
  ]
}
