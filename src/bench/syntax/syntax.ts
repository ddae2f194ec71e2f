import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Language, type Node, Parser, Query, type Tree } from 'web-tree-sitter'
import type { Language as AppLanguage } from '#bench/apps'

export type SyntaxLanguage = 'python' | 'javascript' | 'typescript' | 'tsx' | 'css'
export type SyntaxNode = Node
export type SyntaxTree = Tree

const grammars = dirname(createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/package.json'))
const parsers = new Map<SyntaxLanguage, Promise<Parser>>()
const queries = new Map<string, Query>()

/** Trees of the last files parsed: analyzers of one app run in the same process, one after the other. */
const cacheLimit = 64
const cache = new Map<string, Tree>()

/** The grammar for a file's language, if there is one. JSX is part of the JavaScript grammar. */
export function syntaxLanguageOf(language: AppLanguage | undefined): SyntaxLanguage | undefined {
  if (language === 'jsx') return 'javascript'
  if (
    language === 'python' ||
    language === 'javascript' ||
    language === 'typescript' ||
    language === 'tsx' ||
    language === 'css'
  ) {
    return language
  }
  return undefined
}

/**
 * Parses source text into a concrete syntax tree. Never fails on broken source: errors are `ERROR` and missing nodes
 * in the tree (`tree.rootNode.hasError`). The tree belongs to the cache: do not delete or edit it.
 *
 * @param digest identifies the text (the file's content digest), for the cache
 */
export async function parse(language: SyntaxLanguage, text: string, digest?: string): Promise<Tree> {
  const key = digest === undefined ? undefined : `${language} ${digest}`
  const known = key === undefined ? undefined : cache.get(key)
  if (known !== undefined) return known
  const tree = (await parserOf(language)).parse(text)
  if (tree === null) throw new Error(`The ${language} parser returned no tree.`)
  if (key !== undefined) remember(key, tree)
  return tree
}

/**
 * A compiled tree-sitter query, kept for the life of the process.
 * @throws Error with the position when the query itself is malformed
 */
export async function query(language: SyntaxLanguage, source: string): Promise<Query> {
  const key = `${language} ${source}`
  const known = queries.get(key)
  if (known !== undefined) return known
  const grammar = (await parserOf(language)).language
  if (grammar === null) throw new Error(`The ${language} grammar is not loaded.`)
  const compiled = new Query(grammar, source)
  queries.set(key, compiled)
  return compiled
}

function parserOf(language: SyntaxLanguage): Promise<Parser> {
  let parser = parsers.get(language)
  if (parser === undefined) {
    parser = createParser(language)
    parsers.set(language, parser)
  }
  return parser
}

async function createParser(language: SyntaxLanguage): Promise<Parser> {
  await Parser.init()
  const parser = new Parser()
  parser.setLanguage(await Language.load(join(grammars, 'wasm', `tree-sitter-${language}.wasm`)))
  return parser
}

function remember(key: string, tree: Tree): void {
  cache.set(key, tree)
  if (cache.size <= cacheLimit) return
  const oldest = cache.keys().next().value
  if (oldest === undefined) return
  cache.get(oldest)?.delete()
  cache.delete(oldest)
}
