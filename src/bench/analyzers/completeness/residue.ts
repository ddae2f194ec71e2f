import type { RawFinding } from '#bench/findings'
import { type CodeNode, nodesUnder } from '#bench/syntax'
import type { Scan } from './scan.ts'
import { findingAt, type View } from './view.ts'

const fence = /^\s{0,8}(?:```|~~~)[\w.+-]{0,20}\s*$/
const prose =
  /^(?:Here(?:'s|’s| is| are) (?:the|your|an?|how|my)\b|Sure[,!.] |Certainly[,!.] |Of course[,!.] |I(?:'ve| have|’ve) (?:updated|added|fixed|created|implemented|made)\b|Let me know (?:if|whether)\b|I hope this\b|This (?:code|implementation|version|script|component) (?:will|does|creates|provides|includes|implements)\b|Explanation:|(?:The )?(?:key )?changes (?:made|include)\b|You can now\b|To (?:run|use) this (?:code|app|script|application)\b)/i
const hunk = /^@@ -\d{1,7}(?:,\d{1,7})? \+\d{1,7}(?:,\d{1,7})? @@/

/** What chat answers, merges and diffs leave in a file. */
export function judgeResidue(view: View, scanned: Scan | undefined): RawFinding[] {
  const lines = view.text.split(/\r?\n/)
  const inCode = (index: number) => scanned === undefined || scanned.beginsInCode[index] !== false
  return [
    ...fences(view, lines, inCode),
    ...conflicts(view, lines),
    ...diffs(view, lines, inCode),
    ...proseLines(view, lines, inCode),
  ]
}

function fences(view: View, lines: readonly string[], inCode: (index: number) => boolean): RawFinding[] {
  const first = lines.findIndex((line) => line.trim() !== '')
  const last = lines.findLastIndex((line) => line.trim() !== '')
  // In the middle of a page or style sheet, three backticks may be content.
  const at = lines.findIndex(
    (line, index) =>
      fence.test(line) && (index === first || index === last || (view.grammar !== undefined && inCode(index))),
  )
  if (at === -1) return []
  return [findingAt(view, 'markdown-fence', at + 1, `"${(lines[at] ?? '').trim()}" is Markdown, not code.`)]
}

function conflicts(view: View, lines: readonly string[]): RawFinding[] {
  const start = lines.findIndex((line) => /^<{7}(?: .{0,200})?$/.test(line))
  if (start === -1) return []
  const middle = lines.findIndex((line, index) => index > start && /^={7}$/.test(line))
  const end = lines.findIndex((line, index) => index > middle && /^>{7}(?: .{0,200})?$/.test(line))
  if (middle === -1 || end === -1) return []
  return [findingAt(view, 'conflict-marker', start + 1, `An unresolved merge conflict, up to line ${end + 1}.`)]
}

function diffs(view: View, lines: readonly string[], inCode: (index: number) => boolean): RawFinding[] {
  const at = lines.findIndex((line, index) => hunk.test(line) && inCode(index))
  return at === -1
    ? []
    : [
        findingAt(
          view,
          'conflict-marker',
          at + 1,
          'A hunk header of a diff stands in the file: a patch was saved instead of its result.',
        ),
      ]
}

function proseLines(view: View, lines: readonly string[], inCode: (index: number) => boolean): RawFinding[] {
  const broken = view.root === undefined ? undefined : brokenLines(view.root)
  const doctype = view.text.search(/<!doctype|<html/i)
  const before = doctype === -1 ? 0 : view.text.slice(0, doctype).split('\n').length - 1
  return lines
    .flatMap((line, index): RawFinding[] => {
      const text = line.trim()
      if (text.length > 400 || !prose.test(text) || !inCode(index)) return []
      // Markup holds prose anywhere but in front of the document.
      const outside =
        view.grammar === undefined ? index < before : broken?.has(index + 1) === true && view.root !== undefined
      const isPage =
        view.file.language === 'vue' ||
        view.file.language === 'svelte' ||
        view.file.language === 'html' ||
        view.file.language === 'jinja'
      if (isPage ? index >= before : !outside) return []
      return [findingAt(view, 'chat-prose', index + 1, `"${text.slice(0, 80)}" is a sentence for a reader, not code.`)]
    })
    .slice(0, 3)
}

/** Lines with an error of the parser in them, and their neighbours: recovery may begin a line late. */
function brokenLines(root: CodeNode): Set<number> {
  const lines = new Set<number>()
  for (const node of nodesUnder(root)) {
    if (node.type !== 'ERROR' && !node.missing) continue
    for (let line = node.line - 1; line <= Math.min(node.endLine + 1, node.line + 400); line++) lines.add(line)
  }
  return lines
}
