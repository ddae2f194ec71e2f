import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Language, type Node, Parser, Query, type Tree } from 'web-tree-sitter'
import type { Language as AppLanguage } from '#bench/apps'

export type SyntaxLanguage = 'python' | 'javascript' | 'typescript' | 'tsx' | 'css'
export type SyntaxNode = Node
export type SyntaxTree = Tree

const grammars = dirname(createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/package.json'))
const parsers = new Map<SyntaxLanguage, Promise<Parser>>()
const queries = new Map<Language, Map<string, Query>>()
/** Grammars load one after the other: two that load at once share symbols, and one then reads with the other's tables. */
let previous: Promise<unknown> = Promise.resolve()

/** Trees of the last files parsed: analyzers of one app run in the same process, one after the other. */
const cacheLimit = 64
const cache = new Map<string, Tree>()

/** The grammar for a file's language, if there is one. JSX is part of the JavaScript grammar; see {@link parse}. */
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
 * The JavaScript grammar takes `class`, `for` and `default` for keywords where Preact, Solid and Qwik write them as the
 * names of attributes. The grammar of TSX does not: JavaScript it understands better is given as its tree.
 *
 * @param digest identifies the text (the file's content digest), for the cache
 */
export async function parse(language: SyntaxLanguage, text: string, digest?: string): Promise<Tree> {
  const key = digest === undefined ? undefined : `${language} ${digest}`
  const known = key === undefined ? undefined : cache.get(key)
  if (known !== undefined) return known
  let tree = await parseAs(language, text)
  if (language === 'javascript' && tree.rootNode.hasError) tree = betterOf(tree, await parseAs('tsx', text))
  if (key !== undefined) remember(key, tree)
  return tree
}

/**
 * A compiled tree-sitter query for the grammar a tree was read with, kept for the life of the process.
 * @throws Error with the position when the query itself is malformed
 */
export function query({ language }: Tree, source: string): Query {
  const known = queries.get(language) ?? new Map<string, Query>()
  queries.set(language, known)
  const compiled = known.get(source) ?? new Query(language, source)
  known.set(source, compiled)
  return compiled
}

async function parseAs(language: SyntaxLanguage, text: string): Promise<Tree> {
  const tree = (await parserOf(language)).parse(text)
  if (tree === null) throw new Error(`The ${language} parser returned no tree.`)
  return tree
}

/** The tree with fewer errors, the first of equals; the other is freed. */
function betterOf(tree: Tree, other: Tree): Tree {
  const isBetter = errorsIn(other) < errorsIn(tree)
  const loser = isBetter ? tree : other
  loser.delete()
  return isBetter ? other : tree
}

function errorsIn({ rootNode }: Tree): number {
  if (!rootNode.hasError) return 0
  return (
    rootNode.descendantsOfType('ERROR').length + query(rootNode.tree, '(MISSING) @missing').captures(rootNode).length
  )
}

function parserOf(language: SyntaxLanguage): Promise<Parser> {
  let parser = parsers.get(language)
  if (parser === undefined) {
    parser = previous.then(() => createParser(language))
    parsers.set(language, parser)
    previous = parser.catch(() => undefined)
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
