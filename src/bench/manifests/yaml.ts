import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml'
import { ManifestSyntaxError } from './manifest.ts'

export interface YamlFile {
  readonly root: YAMLMap
  /** Line, from 1, of a node of the document. */
  lineOf(node: unknown): number
}

/**
 * Parses a YAML manifest.
 * @throws ManifestSyntaxError with the place of the first error, or when the document is no mapping
 */
export function parseYaml(text: string): YamlFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, keepSourceTokens: false })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    throw new ManifestSyntaxError(error.message.split('\n')[0] ?? 'not YAML', line, col)
  }
  if (!isMap(document.contents)) throw new ManifestSyntaxError('expected a mapping at the top', 1, 1)
  return {
    root: document.contents,
    lineOf(node) {
      const range =
        typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? node.range[0] : 0
      return lines.linePos(typeof range === 'number' ? range : 0).line
    },
  }
}

/** The text of a scalar node (numbers as written); undefined for anything else. */
export function scalarText(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null || node.value === undefined) return undefined
  return typeof node.source === 'string' ? node.source : String(node.value)
}

/** The pairs of a mapping; none when the node is no mapping. */
export function pairsOf(
  node: unknown,
): readonly { readonly key: string; readonly keyNode: unknown; readonly value: unknown }[] {
  if (!isMap(node)) return []
  return node.items.map((pair) => ({ key: scalarText(pair.key) ?? '', keyNode: pair.key, value: pair.value }))
}
