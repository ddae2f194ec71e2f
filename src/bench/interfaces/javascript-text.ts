import { type CodeNode, fieldOf, textOf } from '#bench/syntax'
import { argumentsOf } from './javascript-modules.ts'
import {
  calledFunction,
  deepest,
  type Place,
  resolve,
  returnedBy,
  type Trace,
  type World,
} from './javascript-values.ts'
import { unknown } from './pattern.ts'

/** The text an expression gives, {@link unknown} standing for every piece that is not known. */
export function textual(place: Place, world: World, trace: Trace, depth = 0): string {
  if (depth > deepest) return unknown
  const { node } = place
  const of = (next: CodeNode | undefined, at: Place = place): string =>
    next === undefined ? unknown : textual({ ...at, node: next }, world, trace, depth + 1)
  switch (node.type) {
    case 'string':
      return unescaped(textOf(node).slice(1, -1))
    case 'number':
      return textOf(node)
    case 'template_string':
      return templateText(node, (inner) => of(inner))
    case 'binary_expression':
      return binaryText(place, world, trace, depth, of)
    case 'call_expression':
      return callText(place, world, trace, depth, of)
    case 'new_expression': {
      const [path, base] = argumentsOf(node)
      return textOf(node).startsWith('new URL')
        ? base === undefined
          ? of(path)
          : joinedUrl(of(base), of(path))
        : unknown
    }
    case 'member_expression':
    case 'subscript_expression': {
      const known = wellKnown(textOf(node), world)
      if (known !== undefined) return known
      break
    }
  }
  const target = resolve(place, world, trace, depth + 1)
  if (target.node === node) return unknown
  const suffix = isAppended(place) ? unknown : ''
  return textual(target, world, trace, depth + 1) + suffix
}

/** `url += …` somewhere: what follows is not known. */
function isAppended({ node, module }: Place): boolean {
  return (
    node.type === 'identifier' &&
    (module.assignments.get(textOf(node)) ?? []).some(({ type }) => type === 'augmented_assignment_expression')
  )
}

function templateText(node: CodeNode, of: (node: CodeNode | undefined) => string): string {
  let text = ''
  let at = node.start + 1
  for (const child of node.children) {
    if (child.type !== 'template_substitution') continue
    text += node.source.slice(at, child.start) + of(child.children[0])
    at = child.end
  }
  return text + node.source.slice(at, node.end - 1)
}

function binaryText(
  { node, module, frame }: Place,
  world: World,
  trace: Trace,
  depth: number,
  of: (node: CodeNode | undefined) => string,
): string {
  const operator = fieldOf(node, 'operator')
  const left = fieldOf(node, 'left')
  const right = fieldOf(node, 'right')
  switch (operator === undefined ? '' : textOf(operator)) {
    case '+':
      return of(left) + of(right)
    case '||':
    case '??': {
      const known = of(left)
      return known === unknown || known === '' ? of(right) : known
    }
    case '&&':
      return right === undefined ? unknown : textual({ node: right, module, frame }, world, trace, depth + 1)
    default:
      return unknown
  }
}

function callText(
  place: Place,
  world: World,
  trace: Trace,
  depth: number,
  of: (node: CodeNode | undefined, at?: Place) => string,
): string {
  const { node } = place
  const callee = fieldOf(node, 'function')
  if (callee === undefined) return unknown
  const name = textOf(callee)
  if (name === 'String' || name === 'encodeURI' || name === 'encodeURIComponent') return of(argumentsOf(node)[0])
  if (callee.type === 'member_expression') {
    const method = fieldOf(callee, 'property')
    const object = fieldOf(callee, 'object')
    const kind = method === undefined ? '' : textOf(method)
    if (kind === 'toString' || kind === 'trim') return of(object)
    if (kind === 'concat')
      return (
        of(object) +
        argumentsOf(node)
          .map((each) => of(each))
          .join('')
      )
    // The customary `base.replace(/\/$/, '')`.
    if (kind === 'replace' && /^\/\\\/\+?\$\/$/.test(textOf(argumentsOf(node)[0] ?? node)))
      return of(object).replace(/\/+$/, '')
    if (kind === 'join' && object?.type === 'array')
      return object.children.map((each) => of(each)).join(of(argumentsOf(node)[0]))
  }
  const called = calledFunction(place, world, trace, depth)
  const result = called === undefined ? undefined : returnedBy(called.node)
  return called === undefined || result === undefined ? unknown : of(result, called)
}

function wellKnown(text: string, world: World): string | undefined {
  const setting = /^(?:process\.env|import\.meta\.env)(?:\.(\w+)|\[["'](\w+)["']\])$/.exec(text.replace(/\?\./g, '.'))
  if (setting !== null) {
    const name = setting[1] ?? setting[2] ?? ''
    if (name === 'BASE_URL') return '/'
    return world.settings.get(name) ?? unknown
  }
  if (/^(?:window\.|document\.)?location\.origin$/.test(text)) return ''
  if (/^(?:window\.|document\.)?location\.hostname$/.test(text)) return 'localhost'
  return undefined
}

function joinedUrl(base: string, path: string): string {
  if (/^\w+:\/\//.test(path)) return path
  const origin = /^\w+:\/\/[^/]*/.exec(base)?.[0]
  if (path.startsWith('/')) return (origin ?? (base.startsWith(unknown) ? unknown : '')) + path
  return `${base.slice(0, base.lastIndexOf('/') + 1)}${path}`
}

function unescaped(text: string): string {
  return text.replace(/\{\{[^{}]{0,200}\}\}/g, unknown).replace(/\\(.)/g, '$1')
}
