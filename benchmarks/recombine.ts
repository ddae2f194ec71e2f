import type { SyntaxLanguage } from '#bench/syntax'
import { type Block, blocksOf, lengthOf } from './blocks.ts'
import type { Choices } from './random.ts'

/** How a language writes the names of copies, and its blank lines. */
const styles = {
  python: { blankLines: 2, style: 'snake' },
  javascript: { blankLines: 1, style: 'camel' },
} as const

/** What to make of a source file. */
export interface Recipe {
  readonly language: 'python' | 'javascript'
  /** The noun the source is about, singular and lower case: `note`. */
  readonly noun: string
  /** The nouns the result is about; the first replaces `noun`, the others get copies of whatever is about it. */
  readonly nouns: readonly string[]
  /** Lines to aim for. */
  readonly lines: number
}

/**
 * Another source file of the same kind: a sample of the routes or components of `source`, about other nouns, in another order,
 * some of them renamed, with everything they need and about as long as asked. As valid as `source` was.
 */
export async function recombine(source: string, recipe: Recipe, pick: Choices): Promise<string> {
  const original = await blocksOf(recipe.language, source)
  const first = recipe.nouns[0] ?? recipe.noun
  const own = await renamed(original, recipe, pick, first)
  const copies = []
  for (const noun of recipe.nouns.slice(1)) copies.push(await copiesFor(own, recipe.language, first, noun))
  const kept = choose(own, copies, recipe, pick)
  return write(own, copies, kept, recipe.language, pick)
}

/** `note`, `Note` and `NOTE` at the start of a word become the other noun; the plural follows by itself. */
export function aboutAnother(text: string, from: string, to: string): string {
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
  return text
    .replace(new RegExp(`(?<![A-Za-z])${from}`, 'g'), to)
    .replaceAll(capital(from), capital(to))
    .replaceAll(from.toUpperCase(), to.toUpperCase())
}

async function renamed(blocks: readonly Block[], recipe: Recipe, pick: Choices, noun: string): Promise<Block[]> {
  let text = aboutAnother(blocks.map((block) => block.text).join('\n\n'), recipe.noun, noun)
  for (const block of blocks) {
    if (block.kind !== 'definition') continue
    const name = aboutAnother(block.declares[0] ?? '', recipe.noun, noun)
    if (name.length < 5 || !pick.chance(0.3)) continue
    const other =
      recipe.language === 'python' && name.includes('_')
        ? `${name}_${pick.integer(2, 9)}`
        : `${name}${pick.integer(2, 9)}`
    text = text.replace(new RegExp(`(?<![\\w."'/-])${name}(?![\\w"'-]|=[^=])`, 'g'), other)
  }
  return blocksOf(recipe.language, text)
}

/** The blocks about `first`, once more about `noun`, under names of their own. */
async function copiesFor(
  own: readonly Block[],
  language: SyntaxLanguage,
  first: string,
  noun: string,
): Promise<Block[]> {
  const about = own.filter(
    (block) =>
      ['route', 'definition', 'constant'].includes(block.kind) && aboutAnother(block.text, first, noun) !== block.text,
  )
  const names = about.flatMap((block) => block.declares)
  let text = about.map((block) => block.text.replace(/^export default /m, 'export ')).join('\n\n')
  for (const name of names) {
    if (aboutAnother(name, first, noun) !== name) continue
    text = text.replace(new RegExp(`(?<![\\w.])${name}(?!\\w)`, 'g'), suffixed(name, noun))
  }
  return blocksOf(language, aboutAnother(text, first, noun))
}

function suffixed(name: string, noun: string): string {
  if (name === name.toUpperCase()) return `${name}_${noun.toUpperCase()}`
  if (name.includes('_') || (name === name.toLowerCase() && name.length > 3)) return `${name}_${noun}`
  return name + noun.charAt(0).toUpperCase() + noun.slice(1)
}

/** Blocks that must be there, then routes or components, one after the other, each with what it needs, until it is long enough. */
function choose(own: readonly Block[], copies: readonly Block[][], recipe: Recipe, pick: Choices): Set<Block> {
  const all = [...own, ...copies.flat()]
  const declaredBy = new Map(all.flatMap((block) => block.declares.map((name) => [name, block] as const)))
  const used = new Set(own.flatMap((block) => [...block.uses].filter((name) => !block.declares.includes(name))))
  const { blankLines } = styles[recipe.language]
  const kept = new Set<Block>()
  let lines = 0

  const withNeeds = (block: Block, found: Set<Block>): Set<Block> => {
    if (kept.has(block) || found.has(block)) return found
    found.add(block)
    for (const name of block.uses) {
      const needed = declaredBy.get(name)
      if (needed !== undefined) withNeeds(needed, found)
    }
    return found
  }
  const add = (block: Block, force: boolean) => {
    const found = withNeeds(block, new Set())
    const more = [...found].reduce((sum, each) => sum + lengthOf(each, blankLines), 0)
    if (!force && lines + more > recipe.lines) return
    lines += more
    for (const each of found) kept.add(each)
  }

  const footers = own.filter((block) => block.kind === 'footer')
  for (const block of own) {
    const lonely = block.kind === 'constant' && !block.declares.some((name) => used.has(name))
    const needed = recipe.language === 'python' && block.kind === 'footer'
    if (block.kind === 'import' || block.kind === 'statement' || needed || lonely) add(block, true)
  }
  if (recipe.language === 'javascript') {
    const app = own.find((block) => /^export default function/m.test(block.text))
    for (const block of app === undefined ? footers : [app]) add(block, false)
  }
  for (const group of [own, ...copies]) {
    const units = group.filter(
      (block) => block.kind === 'route' || (block.kind === 'definition' && recipe.language === 'javascript'),
    )
    for (const unit of pick.shuffle(units)) add(unit, false)
  }
  if (![...kept].some((block) => block.kind === 'route' || block.kind === 'definition')) {
    const smallest = own
      .filter((block) => block.kind === 'route' || block.kind === 'definition')
      .toSorted((a, b) => a.text.length - b.text.length)[0]
    if (smallest !== undefined) add(smallest, true)
  }
  return kept
}

function write(
  own: readonly Block[],
  copies: readonly Block[][],
  kept: Set<Block>,
  language: 'python' | 'javascript',
  pick: Choices,
): string {
  const movable = (block: Block) => block.kind === 'route' || (language === 'javascript' && block.kind === 'definition')
  const inNewOrder = (blocks: readonly Block[]) => {
    const waiting = pick.shuffle(blocks.filter(movable))
    return blocks.map((block) => (movable(block) ? (waiting.shift() ?? block) : block))
  }
  const body = own.filter((block) => kept.has(block) && block.kind !== 'import' && block.kind !== 'footer')
  const lastDefinition = body.findLastIndex((block) => block.kind === 'route' || block.kind === 'definition')
  const rest = [
    ...inNewOrder(body.slice(0, lastDefinition + 1)),
    ...copies.flatMap((group) => inNewOrder(group.filter((block) => kept.has(block)))),
    ...body.slice(lastDefinition + 1),
    ...own.filter((block) => block.kind === 'footer' && kept.has(block)),
  ]
  const usedBefore = new Set(own.flatMap((block) => (block.kind === 'import' ? [] : [...block.uses])))
  const used = new Set(rest.flatMap((block) => [...block.uses]))
  const unneeded = (name: string) => usedBefore.has(name) && !used.has(name)
  const imports = own.filter((block) => block.kind === 'import').flatMap((block) => prunedImport(block, unneeded))
  if (language === 'javascript' && !rest.some((block) => block.text.includes('export default'))) {
    const last = rest.findLast((block) => /^[A-Z]/.test(block.declares[0] ?? ''))
    const chosen = last ?? rest.findLast((block) => block.kind === 'definition')
    if (chosen !== undefined)
      rest.push({ kind: 'footer', declares: [], uses: new Set(), text: `export default ${chosen.declares[0]}` })
  }
  return layOut(imports, rest, styles[language].blankLines)
}

/** An import without the names that nothing needs any more; none when that leaves nothing. */
function prunedImport(block: Block, unneeded: (name: string) => boolean): string[] {
  const listed = /^(from \S+ import |import (?:\w+, )?)(\{ ?)?([\w, ]+?)( ?\})?( from .+)?$/.exec(block.text)
  const whole = /^import (\w+)(?: from .+)?;?$/.exec(block.text)
  if (whole?.[1] !== undefined) return unneeded(whole[1]) ? [] : [block.text]
  if (listed === null) return [block.text]
  const [, head = '', open = '', names = '', close = '', tail = ''] = listed
  const left = names.split(', ').filter((name) => !unneeded(name))
  if (left.length > 0) return [head + open + left.join(', ') + close + tail]
  return head.includes(',') ? [head.replace(/, $/, '') + tail] : []
}

function layOut(imports: readonly string[], blocks: readonly Block[], blankLines: number): string {
  let text = `${imports.join('\n')}\n`
  let before = ''
  for (const block of blocks) {
    const together = block.kind === 'constant' && before === 'constant'
    text += `${(together ? '' : '\n'.repeat(before === '' ? 1 : blankLines)) + block.text}\n`
    before = block.kind
  }
  return text
}
