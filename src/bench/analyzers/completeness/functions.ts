import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import type { View } from './view.ts'

/** Says that the control is not there yet. */
export const excuse =
  /\balert\(\s{0,5}["'`][^"'`]{0,80}(?:not (?:yet )?implemented|coming soon|todo|under construction|not available yet|implement)/i

/** Nodes that are functions with a body. */
export const functionTypes = new Set([
  'arrow_function',
  'function_declaration',
  'function_expression',
  'method_definition',
])

/** Functions of the app by name, to look up what a control's handler does. */
export interface Functions {
  readonly named: ReadonlyMap<string, { readonly view: View; readonly node: CodeNode }[]>
  /** Names scripts define, to know whether one exists at all. */
  readonly words: ReadonlySet<string>
  /** Functions called by `onclick` and `onsubmit` attributes of pages. */
  readonly attributes: ReadonlySet<string>
}

export function functionsOf(views: readonly View[]): Functions {
  const named = new Map<string, { view: View; node: CodeNode }[]>()
  const words = new Set<string>()
  const attributes = new Set<string>()
  for (const view of views) {
    for (const match of view.text.matchAll(/\bon(?:click|submit)\s{0,3}=\s{0,3}["'](?:return\s)?([A-Za-z_$][\w$]*)\(/g))
      attributes.add(match[1] ?? '')
    if (view.grammar !== 'javascript' || view.root === undefined) continue
    for (const match of view.text.matchAll(
      /\b(?:function\*?\s+|const\s+|let\s+|var\s+|class\s+|window\.)(\w+)|(\w+)\s{0,3}[:=]\s{0,3}(?:async\s{0,3})?(?:function\b|\()/g,
    ))
      words.add(match[1] ?? match[2] ?? '')
    for (const node of nodesUnder(view.root)) {
      if (!functionTypes.has(node.type)) continue
      const name =
        fieldOf(node, 'name') ??
        (node.parent?.type === 'variable_declarator' ? fieldOf(node.parent, 'name') : undefined)
      if (name?.type !== 'identifier') continue
      const known = named.get(textOf(name))
      if (known === undefined) named.set(textOf(name), [{ view, node }])
      else known.push({ view, node })
    }
  }
  return { named, words, attributes }
}
