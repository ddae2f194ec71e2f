import type { RawFinding } from '#bench/findings'
import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import { excuse, type Functions, functionTypes } from './functions.ts'
import { deadLinksInJsx, judgePage } from './page-controls.ts'
import { findingOn, type View } from './view.ts'

const events = new Set(['onClick', 'onSubmit', 'onPress', 'onDoubleClick'])

/** Controls whose handlers do nothing or do not exist, forms nobody handles, links to nowhere. */
export function judgeHandlers(view: View, functions: Functions): RawFinding[] {
  const findings: RawFinding[] = []
  if (view.root !== undefined && view.grammar === 'javascript') {
    for (const node of nodesUnder(view.root)) {
      if (node.type === 'jsx_attribute') findings.push(...judgeAttribute(view, node, functions))
      else if (node.type === 'jsx_element') findings.push(...judgeForm(view, node))
      else if (node.type === 'call_expression') findings.push(...judgeListener(view, node, functions))
      else if (node.type === 'function_declaration') findings.push(...judgeDeclared(view, node, functions))
    }
    findings.push(...deadLinksInJsx(view))
  }
  if (['html', 'jinja', 'ejs'].includes(view.file.language ?? '')) findings.push(...judgePage(view, functions))
  const seen = new Set<string>()
  return findings.filter(({ rule, location }) => {
    const place = `${rule} ${location.kind === 'file' ? location.region?.startLine : ''}`
    return !seen.has(place) && seen.add(place)
  })
}

function judgeAttribute(view: View, node: CodeNode, functions: Functions): RawFinding[] {
  const [name, value] = node.children
  const expression =
    value?.type === 'jsx_expression' ? value.children.find(({ type }) => type !== 'comment') : undefined
  if (name === undefined || expression === undefined || !events.has(textOf(name))) return []
  const control = elementName(node)
  if (expression.type === 'identifier') {
    const target = textOf(expression)
    const nothing = localFunction(view, target, functions)
    if (nothing !== undefined && doesNothing(nothing) !== undefined) {
      return [
        findingOn(
          view,
          'dead-handler',
          nothing,
          `${target} handles ${textOf(name)} of <${control}>, but ${doesNothing(nothing)}.`,
          { subject: target },
        ),
      ]
    }
    return isUnknown(view, expression)
      ? [
          findingOn(
            view,
            'undefined-handler',
            expression,
            `${textOf(name)} of <${control}> names ${target}, which is not defined.`,
            { subject: target },
          ),
        ]
      : []
  }
  if (expression.type !== 'arrow_function' && expression.type !== 'function_expression') return []
  const nothing = doesNothing(expression)
  if (nothing !== undefined)
    return [findingOn(view, 'dead-handler', name, `${textOf(name)} of <${control}>: ${nothing}.`)]
  // `onClick={() => share(note)}`
  const body = fieldOf(expression, 'body')
  const call =
    body?.type === 'call_expression'
      ? body
      : body?.type === 'statement_block' && body.children.length === 1
        ? body.children[0]?.children[0]
        : undefined
  const callee = call?.type === 'call_expression' ? fieldOf(call, 'function') : undefined
  if (callee?.type !== 'identifier') return []
  const target = localFunction(view, textOf(callee), functions)
  const reason = target === undefined ? undefined : doesNothing(target)
  return target === undefined || reason === undefined
    ? []
    : [
        findingOn(
          view,
          'dead-handler',
          target,
          `${textOf(callee)} handles ${textOf(name)} of <${control}>, but ${reason}.`,
          { subject: textOf(callee) },
        ),
      ]
}

function localFunction(view: View, name: string, { named }: Functions): CodeNode | undefined {
  const own = named.get(name)?.filter((each) => each.view === view) ?? []
  return own.length === 1 ? own[0]?.node : undefined
}

/** Why a handler is dead: it is empty, or only writes to the console, or only says that it is missing. */
function doesNothing(node: CodeNode): string | undefined {
  const body = fieldOf(node, 'body')
  if (body === undefined) return undefined
  const statements = body.type === 'statement_block' ? body.children.filter(({ type }) => type !== 'comment') : [body]
  if (body.type === 'statement_block' && statements.length === 0) return 'it is empty'
  const texts = statements.map(textOf)
  const acts = texts.filter((text) => !/^(?:e|ev|evt|event)\??\.(?:preventDefault|stopPropagation)\(\);?$/.test(text))
  if (acts.length === 0) return undefined
  if (acts.every((text) => /^console\.(?:log|info|debug|warn)\(/.test(text) && !/\)\s*[.&|?,]/.test(text)))
    return 'it only writes to the console'
  if (acts.length === 1 && excuse.test(acts[0] ?? '')) return 'it only says that it is not there yet'
  return undefined
}

/** A name no declaration, parameter or import of the file introduces. */
function isUnknown(view: View, expression: CodeNode): boolean {
  const name = textOf(expression)
  if (name === 'undefined' || name === 'null') return true
  // Any other mention that could bring the name in counts: this judges only what is certain.
  const word = new RegExp(
    `\\b(?:function\\*?|const|let|var|class|import|type)\\s[^;=]{0,400}\\b${name}\\b|[({,\\[]\\s*${name}\\s*(?:[,})=:\\]]|=>)|\\b${name}\\s*(?:=>|=[^=])`,
  )
  const elsewhere = view.text.slice(0, expression.start - 1) + ' '.repeat(2) + view.text.slice(expression.end + 1)
  return !word.test(elsewhere) && !/\b(?:with|eval)\s*\(/.test(view.text)
}

function elementName(attribute: CodeNode): string {
  const name = fieldOf(attribute.parent, 'name')
  return name === undefined ? 'element' : textOf(name)
}

/** A form with inputs and a submit button, and nothing that handles its submission: the page reloads. */
function judgeForm(view: View, node: CodeNode): RawFinding[] {
  const open = fieldOf(node, 'open_tag')
  if (open === undefined || textOf(fieldOf(open, 'name') ?? open) !== 'form') return []
  const attributes = open.children
    .filter(({ type }) => type === 'jsx_attribute')
    .map((each) => textOf(each.children[0] ?? each))
  if (open.children.some(({ type }) => type === 'jsx_expression')) return []
  if (attributes.some((name) => /^(?:onSubmit|onSubmitCapture|action|ref|method|onReset)$/.test(name))) return []
  const inner = [...nodesUnder(node)]
  const elements = inner.filter(({ type }) => type === 'jsx_opening_element' || type === 'jsx_self_closing_element')
  const named = (each: CodeNode) => textOf(fieldOf(each, 'name') ?? each)
  if (!elements.some((each) => named(each) === 'input' || named(each) === 'textarea')) return []
  const buttons = elements.filter(
    (each) => named(each) === 'button' || (named(each) === 'input' && /type=["']submit/.test(textOf(each))),
  )
  const submits = buttons.filter((each) => !/type=\{?["'](?:button|reset)/.test(textOf(each)))
  // A button with a click handler may do the work of the form.
  if (submits.length === 0 || buttons.some((each) => /\bonClick\b|\{\.\.\./.test(textOf(each)))) return []
  return [
    findingOn(
      view,
      'dead-handler',
      open,
      'The form has a submit button, but nothing handles its submission: the page reloads and the input is lost.',
    ),
  ]
}

/** `element.addEventListener('click', handler)` with a handler that does nothing. */
function judgeListener(view: View, node: CodeNode, functions: Functions): RawFinding[] {
  const callee = fieldOf(node, 'function')
  const [event, handler] = fieldOf(node, 'arguments')?.children ?? []
  if (
    callee === undefined ||
    !/\.addEventListener$/.test(textOf(callee)) ||
    event === undefined ||
    handler === undefined
  )
    return []
  if (!/^["'](?:click|submit)["']$/.test(textOf(event))) return []
  const target =
    handler.type === 'identifier'
      ? localFunction(view, textOf(handler), functions)
      : functionTypes.has(handler.type)
        ? handler
        : undefined
  const reason = target === undefined ? undefined : doesNothing(target)
  return target === undefined || reason === undefined
    ? []
    : [findingOn(view, 'dead-handler', target, `The ${textOf(event).slice(1, -1)} listener does nothing: ${reason}.`)]
}

/** A named function that only says "coming soon", or that does nothing and is the handler of a page's control. */
function judgeDeclared(view: View, node: CodeNode, { attributes }: Functions): RawFinding[] {
  const name = fieldOf(node, 'name')
  const reason = doesNothing(node)
  if (name === undefined || reason === undefined) return []
  const subject = { subject: textOf(name) }
  const statement = fieldOf(node, 'body')?.children.find(({ type }) => type !== 'comment')
  if (statement !== undefined && excuse.test(textOf(statement)))
    return [findingOn(view, 'dead-handler', statement, `${textOf(name)}: ${reason}.`, subject)]
  return attributes.has(textOf(name))
    ? [findingOn(view, 'dead-handler', node, `${textOf(name)} is the handler of a control, but ${reason}.`, subject)]
    : []
}
