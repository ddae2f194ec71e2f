import type { SyntaxNode } from '#bench/syntax'
import { isConstant } from '../patterns/constants.ts'
import type { Binding, Source } from '../patterns/source.ts'
import { operandsOf, resolve } from '../patterns/values.ts'

/** Something not constant that becomes part of a SQL text. */
export interface SqlPart {
  readonly node: SyntaxNode
  /** Where in the statement: a value can carry any SQL; names of tables and columns rarely come from users. */
  readonly place: 'value' | 'name'
}

/** A SQL text where it is put together, and what of it is neither constant nor quoted as a name. */
export interface SqlText {
  readonly node: SyntaxNode
  readonly parts: readonly SqlPart[]
}

const sqlWord =
  /\b(?:SELECT\b[\s\S]{0,2000}\bFROM|INSERT\s+INTO|UPDATE\b[\s\S]{0,200}\bSET|DELETE\s+FROM|CREATE\s+TABLE|DROP\s+TABLE|ALTER\s+TABLE|WHERE|ORDER\s+BY|PRAGMA)\b/i

/** The non-constant parts a SQL text is built from, also behind a name; undefined when it is no built SQL text. */
export function sqlBuiltAt(node: SyntaxNode, source: Source, depth = 0): SqlText | undefined {
  if (depth > 3) return undefined
  if (node.type === 'identifier') {
    const { bindings } = resolve(node.text, node, source)
    for (const binding of bindings) {
      if (!isStatementBinding(binding)) continue
      const found =
        binding.kind === 'augmented'
          ? augmentedPart(binding, bindings, source)
          : sqlBuiltAt(binding.value, source, depth + 1)
      if (found !== undefined) return found
    }
    return undefined
  }
  const pieces = piecesOf(node)
  if (pieces === undefined || !sqlWord.test(node.text.slice(0, 5000))) return undefined
  return sqlText(node, pieces, source)
}

function isStatementBinding(binding: Binding): boolean {
  return binding.kind === 'augmented' || (binding.kind === 'assignment' && /^[\w$]+$/.test(binding.target))
}

/** `query += f" AND name = '{name}'"`, when what it is added to is SQL. */
function augmentedPart(binding: Binding, all: readonly Binding[], source: Source): SqlText | undefined {
  if (!all.some((other) => sqlWord.test(other.value.text.slice(0, 2000)))) return undefined
  return sqlText(binding.value, piecesOf(binding.value) ?? [], source)
}

function sqlText(node: SyntaxNode, pieces: readonly Piece[], source: Source): SqlText | undefined {
  const parts = pieces
    .filter((piece) => !isConstant(piece.node, source) && !isQuotedName(piece.node, source))
    .map((piece) => ({ node: piece.node, place: placeAfter(piece.before) }))
  return parts.length === 0 ? undefined : { node, parts }
}

/** Functions that quote the name of a table or column, as drivers and frameworks call them. */
const quoting = /(?:^|[._])(?:quote(?:_?name|_?ident(?:ifier)?)?|escape_?id(?:entifier)?|qn|identifier)(?:_\w{1,40})?$/i

function isQuotedName(node: SyntaxNode, source: Source, depth = 0): boolean {
  if (depth > 3) return false
  if (node.type === 'call') {
    const callee = node.childForFieldName('function')?.text ?? ''
    if (quoting.test(callee.slice(-80))) return true
    const given = node.childForFieldName('arguments')
    const items = given?.type === 'generator_expression' ? given : given?.namedChild(0)
    const item = /\.join$/.test(callee.slice(-10)) ? items?.childForFieldName('body') : null
    return item ? isQuotedName(item, source, depth + 1) : false
  }
  if (node.type !== 'identifier') return false
  const { bindings, parameter } = resolve(node.text, node, source)
  return (
    !parameter &&
    bindings.length > 0 &&
    bindings.slice(0, 20).every(({ value }) => isConstant(value, source) || isQuotedName(value, source, depth + 1))
  )
}

/** Where a part stands, by the constant text before it. */
function placeAfter(before: string | undefined): SqlPart['place'] {
  if (before === undefined) return 'value'
  const text = before.slice(-400).replace(/%(?:\(\w+\))?[sdrif]|\$?\{[^{}]*\}/g, 'x')
  // Only names stand in back-ticks.
  if (text.endsWith('`')) return 'name'
  if (/\bPRAGMA\b[^;]{0,100}$/i.test(text)) return 'name'
  if (/(?:['%<>=]|\|\||\b(?:LIKE|BETWEEN|AND|OR|LIMIT|OFFSET|TOP|THEN|ELSE)|\bIN\s*\()\s*$/i.test(text)) return 'value'
  if (/\bVALUES\s*\([^)]*$/i.test(text)) return 'value'
  return /\b(?:FROM|INTO|UPDATE|TABLE|JOIN|INDEX|VIEW|DATABASE|SCHEMA|COLUMN|CONSTRAINT|EXISTS|SELECT|DISTINCT|SET|BY|ON|WHERE)\b[\s\w.,`"[\]()*]{0,200}$/i.test(
    text,
  )
    ? 'name'
    : 'value'
}

/** An expression inserted into a text, and the constant text before it where that is known. */
interface Piece {
  readonly node: SyntaxNode
  readonly before?: string
}

/** What is put together here: parts of an f-string or template, sides of `+` and `%`, arguments of `.format`. */
function piecesOf(node: SyntaxNode): Piece[] | undefined {
  switch (node.type) {
    case 'string': {
      const parts = interpolated(node)
      return parts.length === 0 ? undefined : parts
    }
    case 'concatenated_string': {
      let before = ''
      return node.namedChildren.flatMap((child) => {
        const pieces = (piecesOf(child) ?? []).map((piece) => ({ ...piece, before: before + (piece.before ?? '') }))
        before += literalText(child)
        return pieces
      })
    }
    case 'parenthesized_expression': {
      const inner = node.namedChild(0)
      return inner === null ? undefined : piecesOf(inner)
    }
    case 'binary_operator': {
      const operator = node.childForFieldName('operator')?.text
      if (operator === '+') return added(node)
      const format = node.childForFieldName('left')
      const given = node.childForFieldName('right')
      if (operator !== '%' || format === null || given === null) return undefined
      return [
        ...(piecesOf(format) ?? []),
        ...formatted(literalText(format), argumentsOf(given), /%(?:\((\w+)\))?[sdrif]/),
      ]
    }
    case 'call': {
      const callee = node.childForFieldName('function')
      const format = callee?.childForFieldName('object')
      if (callee?.childForFieldName('attribute')?.text !== 'format' || !format) return undefined
      const given = node.childForFieldName('arguments')?.namedChildren ?? []
      return formatted(literalText(format), given.map(named), /\{(\w*)[^{}]{0,20}\}/)
    }
    default:
      return undefined
  }
}

function interpolated(node: SyntaxNode): Piece[] {
  const pieces: Piece[] = []
  for (const child of node.namedChildren) {
    if (child.type !== 'interpolation') continue
    const expression = child.namedChild(0)
    const before = node.text.slice(0, child.startIndex - node.startIndex)
    if (expression !== null) pieces.push({ node: expression, before: before.replace(/^\w{0,2}(?:"""|'''|["'`])/, '') })
  }
  return pieces
}

/** The operands of a chain of `+`, each with the literal to its left. */
function added(node: SyntaxNode): Piece[] {
  let before = ''
  return operandsOf(node).flatMap((operand) => {
    const pieces = (piecesOf(operand) ?? [{ node: operand, before: '' }]).map((piece) => ({
      ...piece,
      before: before + (piece.before ?? ''),
    }))
    before += literalText(operand)
    return pieces
  })
}

interface Argument {
  readonly name?: string
  readonly node: SyntaxNode
}

/** The arguments of a format with the text before their placeholder; without it when there are fewer placeholders. */
function formatted(format: string, given: readonly Argument[], placeholder: RegExp): Piece[] {
  const found = [...format.slice(0, 5000).matchAll(new RegExp(placeholder, 'g'))]
  return given.map(({ name, node }, index) => {
    const match = name === undefined ? found[index] : found.find((each) => each[1] === name)
    return match === undefined ? { node } : { node, before: format.slice(0, match.index) }
  })
}

function argumentsOf(given: SyntaxNode): Argument[] {
  if (given.type === 'parenthesized_expression') {
    const inner = given.namedChild(0)
    return inner === null ? [] : argumentsOf(inner)
  }
  if (given.type === 'tuple')
    return given.namedChildren.filter(({ type }) => type !== 'comment').map((node) => ({ node }))
  if (given.type !== 'dictionary') return [{ node: given }]
  return given.namedChildren.flatMap((pair) => {
    const value = pair.childForFieldName('value')
    const name = pair.childForFieldName('key')?.text.replace(/^["']|["']$/g, '')
    return value === null ? [] : [{ node: value, ...(name !== undefined && { name }) }]
  })
}

function named(argument: SyntaxNode): Argument {
  const name = argument.type === 'keyword_argument' ? argument.childForFieldName('name')?.text : undefined
  return { node: argument.childForFieldName('value') ?? argument, ...(name !== undefined && { name }) }
}

/** The text of a literal, also of several side by side, without quotes; a space for anything else. */
function literalText(node: SyntaxNode): string {
  if (node.type === 'concatenated_string') return node.namedChildren.map(literalText).join('')
  if (node.type === 'parenthesized_expression') {
    const inner = node.namedChild(0)
    return inner === null ? '' : literalText(inner)
  }
  if (node.type !== 'string') return ' x'
  return node.text.replace(/^[A-Za-z]{0,2}("""|'''|["'`])([\s\S]*)\1$/, '$2')
}
