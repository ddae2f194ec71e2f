import { parse, query, type SyntaxLanguage, type SyntaxNode } from '#bench/syntax'
import { elementDefects } from './attributes.ts'
import type { MarkupHit } from './html.ts'

const elements = `
(jsx_element open_tag: (jsx_opening_element name: (_) @name) @opening) @element
(jsx_self_closing_element name: (_) @name) @element
`

/** What is known of a JSX element's attributes. `unknown` values are expressions. */
interface Attributes {
  readonly values: ReadonlyMap<string, string>
  /** Attributes whose value is an expression. */
  readonly computed: ReadonlySet<string>
  /** `{...props}` may hold any attribute. */
  readonly spread: boolean
}

const fields = new Set(['input', 'select', 'textarea'])
/** Input types that need no label, or carry their own. */
const unlabelled = /^(?:hidden|submit|button|reset|image)$/

/** Static accessibility of the HTML elements in JSX; components are not looked into. */
export async function validateJsx(
  language: SyntaxLanguage,
  text: string,
  digest?: string,
): Promise<{ hits: MarkupHit[]; broken: boolean }> {
  const tree = await parse(language, text, digest)
  const labelled = new Set<string>()
  const found: {
    readonly name: string
    readonly element: SyntaxNode
    readonly tag: SyntaxNode
    readonly attributes: Attributes
  }[] = []
  for (const { captures } of query(tree, elements).matches(tree.rootNode)) {
    const element = captures.find((capture) => capture.name === 'element')?.node
    const name = captures.find((capture) => capture.name === 'name')?.node.text
    if (element === undefined || name === undefined || !/^[a-z][a-z0-9]*$/.test(name)) {
      if (name === 'Label' || name === 'label') continue
      continue
    }
    const tag = captures.find((capture) => capture.name === 'opening')?.node ?? element
    const attributes = attributesOf(tag)
    if (name === 'label') labelled.add(attributes.values.get('htmlfor') ?? attributes.values.get('for') ?? '')
    found.push({ name, element, tag, attributes })
  }
  const hits: MarkupHit[] = []
  for (const { name, element, tag, attributes } of found) {
    const report = ([rule, message]: readonly [string, string]): void => {
      hits.push({ rule, message, start: tag.startIndex, end: tag.endIndex })
    }
    if (!attributes.spread)
      for (const defect of [...ownDefects(name, element, attributes, labelled, text)]) report(defect)
    for (const defect of elementDefects(name, attributes.values)) {
      if (defect[0] === 'target-blank-opener' || (attributes.spread && defect[0] === 'non-interactive-handler'))
        continue
      if (
        defect[0] === 'unknown-aria' &&
        /`(.*?)`/.test(defect[1]) &&
        attributes.computed.has('role') &&
        defect[1].includes('role')
      )
        continue
      report(defect)
    }
  }
  return { hits, broken: tree.rootNode.hasError }
}

function attributesOf(tag: SyntaxNode): Attributes {
  const values = new Map<string, string>()
  const computed = new Set<string>()
  let spread = false
  for (const child of tag.namedChildren) {
    if (child.type === 'jsx_expression') spread = true
    if (child.type !== 'jsx_attribute') continue
    const name = child.namedChild(0)?.text.toLowerCase() ?? ''
    const value = child.namedChild(1)
    if (value === null) values.set(name, '')
    else if (value.type === 'string') values.set(name, value.text.slice(1, -1))
    else {
      const inner = value.namedChild(0)
      const literal =
        inner !== null && /^(?:string|number|true|false)$/.test(inner.type)
          ? inner.text.replace(/^["']|["']$/g, '')
          : undefined
      values.set(name, literal ?? (name === 'role' ? 'button' : ''))
      if (literal === undefined) computed.add(name)
    }
  }
  return { values, computed, spread }
}

function* ownDefects(
  name: string,
  element: SyntaxNode,
  { values, computed }: Attributes,
  labelled: ReadonlySet<string>,
  text: string,
): Generator<readonly [string, string]> {
  const named = ['aria-label', 'aria-labelledby', 'title'].some(
    (attribute) => computed.has(attribute) || (values.get(attribute) ?? '') !== '',
  )
  if (
    name === 'img' &&
    !values.has('alt') &&
    !named &&
    values.get('aria-hidden') !== 'true' &&
    values.get('role') !== 'presentation'
  ) {
    yield ['wcag/h37', '<img> has no alternative text.']
  }
  if (name === 'area' && values.has('href') && !values.has('alt') && !named)
    yield ['area-alt', '<area> has no alternative text.']
  if (name === 'html' && !values.has('lang')) yield ['missing-language', '<html> has no `lang`.']
  if (
    fields.has(name) &&
    !named &&
    !unlabelled.test(values.get('type') ?? '') &&
    !isLabelled(element, values, computed, labelled)
  ) {
    yield [
      'input-missing-label',
      `<${name}> has no label${values.has('placeholder') ? '; a placeholder is no label' : ''}.`,
    ]
  }
  if (
    (name === 'button' || name === 'a') &&
    !named &&
    (name === 'button' || values.has('href')) &&
    isEmpty(element, text)
  ) {
    yield name === 'a' ? ['wcag/h30', 'The link has no text.'] : ['text-content', 'The button has no text.']
  }
}

/** Inside a `<label>` (or a component named so), or meant by one with its id. */
function isLabelled(
  element: SyntaxNode,
  values: ReadonlyMap<string, string>,
  computed: ReadonlySet<string>,
  labelled: ReadonlySet<string>,
): boolean {
  const id = values.get('id')
  if (computed.has('id') || (id !== undefined && labelled.has(id))) return true
  for (let parent = element.parent; parent !== null; parent = parent.parent) {
    if (parent.type !== 'jsx_element') continue
    const around = parent.childForFieldName('open_tag')?.childForFieldName('name')?.text ?? ''
    if (/label|field|FormControl/i.test(around) && around !== 'fieldset') return true
  }
  return false
}

/** No text, no expression and nothing but elements that certainly say nothing. */
function isEmpty(element: SyntaxNode, text: string): boolean {
  if (element.type === 'jsx_self_closing_element') return true
  return element.namedChildren.every((child) => {
    if (child.type === 'jsx_opening_element' || child.type === 'jsx_closing_element') return true
    if (child.type === 'jsx_text') return text.slice(child.startIndex, child.endIndex).trim() === ''
    if (child.type === 'jsx_expression') return child.namedChildCount === 0 || child.namedChild(0)?.type === 'comment'
    if (child.type === 'jsx_self_closing_element') return isSilent(child)
    if (child.type === 'jsx_element') {
      const opening = child.childForFieldName('open_tag')
      return (
        opening !== null &&
        isSilent(opening) &&
        (opening.childForFieldName('name')?.text === 'svg' ? !/<title/.test(child.text) : isEmpty(child, text))
      )
    }
    return false
  })
}

/** An HTML or SVG element that adds no text of its own. Components may. */
function isSilent(tag: SyntaxNode): boolean {
  const name = tag.childForFieldName('name')?.text ?? ''
  if (!/^[a-z]/.test(name)) return false
  const { values, computed, spread } = attributesOf(tag)
  if (spread || computed.size > 0) return false
  return (
    (values.get('aria-label') ?? '') === '' && (values.get('alt') ?? '') === '' && (values.get('title') ?? '') === ''
  )
}
