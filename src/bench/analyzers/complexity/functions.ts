import type { SyntaxNode } from '#bench/syntax'

/** One captured node of a file, in source order. */
export interface Mark {
  readonly kind: string
  readonly node: SyntaxNode
  readonly start: number
  readonly end: number
}

/** What is measured of one function. */
export interface FunctionMeasure {
  /** As declared, or the name it is bound to; `(anonymous)` for the rest. */
  readonly name: string
  readonly start: number
  readonly line: number
  /** Lines from the first to the last, both counted. */
  readonly lines: number
  readonly parameters: number
  /** Deepest nesting of control structures. */
  readonly nesting: number
  /**
   * McCabe, "A Complexity Measure", IEEE TSE SE-2 (1976): decisions + 1. Decisions: if, elif, loops, cases with a value,
   * except/catch, conditional expressions, each `and or && || ??`, each `for` and `if` of a comprehension. Nested
   * functions count for themselves.
   */
  readonly cyclomatic: number
  /**
   * Campbell, "Cognitive Complexity: a new way of measuring understandability", SonarSource, version 1.7 (2023).
   * Anonymous functions count for the function around them, unless that one only holds functions (the exception for
   * JavaScript). Undefined for those that count for another.
   */
  readonly cognitive: number | undefined
}

interface Unit {
  readonly mark: Mark
  readonly parent: Unit | undefined
  readonly name: string | undefined
  /** Nesting in the unit around it, where it stands. */
  readonly depthHere: number
  cyclomatic: number
  /** Increments that do not grow with nesting. */
  flat: number
  /** Increments that do, with the nesting inside the unit, and how many there are. */
  nested: number
  structures: number
  nesting: number
}

const anonymous = '(anonymous)'

/** Measures every function from the marks of a file. */
export function measureFunctions(marks: readonly Mark[]): FunctionMeasure[] {
  const elseIfs = new Set(marks.filter((mark) => mark.kind === 'elseif').map((mark) => mark.start))
  const units: Unit[] = []
  const open: (Unit | { readonly body: number })[] = []
  let current: Unit | undefined
  let depth = 0

  function closeUntil(start: number): void {
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const end = 'body' in top ? top.body : top.mark.end
      if (end > start) return
      open.pop()
      if ('body' in top) depth -= 1
      else {
        current = top.parent
        depth = top.depthHere
      }
    }
  }

  for (const mark of marks) {
    closeUntil(mark.start)
    if (mark.kind === 'function') {
      const unit: Unit = {
        mark,
        parent: current,
        name: nameOf(mark.node),
        depthHere: depth,
        cyclomatic: 1,
        flat: 0,
        nested: 0,
        structures: 0,
        nesting: 0,
      }
      units.push(unit)
      open.push(unit)
      current = unit
      depth = 0
    } else if (mark.kind === 'body' || (mark.kind === 'elsebody' && mark.node.type !== 'if_statement')) {
      open.push({ body: mark.end })
      depth += 1
      if (current !== undefined) current.nesting = Math.max(current.nesting, depth)
    } else if (current !== undefined) count(mark, current, depth, elseIfs)
  }
  return units.map((unit) => measureOf(unit, units))
}

function count(mark: Mark, unit: Unit, depth: number, elseIfs: ReadonlySet<number>): void {
  switch (mark.kind) {
    case 'if':
      unit.cyclomatic += 1
      if (!elseIfs.has(mark.start)) addStructure(unit, depth)
      return
    case 'loop':
    case 'catch':
    case 'ternary':
      unit.cyclomatic += 1
      addStructure(unit, depth)
      return
    case 'switch':
      addStructure(unit, depth)
      return
    case 'elif':
      unit.cyclomatic += 1
      unit.flat += 1
      return
    case 'else':
    case 'jump':
      unit.flat += 1
      return
    case 'case':
      if (!isDefaultCase(mark.node)) unit.cyclomatic += 1
      return
    case 'comprehension':
      unit.cyclomatic += 1
      return
    case 'boolean':
      unit.cyclomatic += 1
      unit.flat += sequencesFrom(mark.node)
      return
    case 'callee':
      if (unit.name !== undefined && mark.node.text === unit.name) unit.flat += 1
  }
}

function addStructure(unit: Unit, depth: number): void {
  unit.nested += 1 + depth
  unit.structures += 1
}

function isDefaultCase(node: SyntaxNode): boolean {
  return node.type === 'case_clause' && /^case\s+_\s*:/.test(node.text.slice(0, 20))
}

/** Runs of like operators in the expression this operator is the root of; 0 when it is part of a larger one. */
function sequencesFrom(node: SyntaxNode): number {
  let parent = node.parent
  while (parent?.type === 'parenthesized_expression') parent = parent.parent
  if (parent === null || isBoolean(parent) || parent.type === 'jsx_expression') return 0
  const operators: string[] = []
  collect(node, operators, 0)
  return operators.filter((operator, index) => operator !== operators[index - 1]).length
}

function collect(node: SyntaxNode | null, operators: string[], depth: number): void {
  if (node === null || depth > 400) return
  if (node.type === 'parenthesized_expression') collect(node.namedChild(0), operators, depth + 1)
  if (!isBoolean(node)) return
  collect(node.childForFieldName('left'), operators, depth + 1)
  operators.push(node.childForFieldName('operator')?.text ?? '')
  collect(node.childForFieldName('right'), operators, depth + 1)
}

function isBoolean(node: SyntaxNode): boolean {
  if (node.type === 'boolean_operator') return true
  return node.type === 'binary_expression' && /^(?:&&|\|\||\?\?)$/.test(node.childForFieldName('operator')?.text ?? '')
}

function nameOf(node: SyntaxNode): string | undefined {
  const own = node.childForFieldName('name')?.text
  if (own !== undefined) return own
  const parent = node.parent
  switch (parent?.type) {
    case 'variable_declarator':
      return parent.childForFieldName('name')?.text
    case 'assignment_expression':
    case 'assignment':
      return parent.childForFieldName('left')?.text
    case 'pair':
      return parent.childForFieldName('key')?.text
    case 'public_field_definition':
    case 'field_definition':
      return (parent.childForFieldName('name') ?? parent.childForFieldName('property'))?.text
    default:
      return undefined
  }
}

/** Whether a unit only holds functions: nothing in it costs anything of its own. */
function isContainer(unit: Unit): boolean {
  return unit.flat === 0 && unit.nested === 0
}

/** Whether a function counts for the one around it. */
function isPart(unit: Unit): boolean {
  if (unit.name !== undefined || unit.parent === undefined) return false
  return isPart(unit.parent) || !isContainer(unit.parent)
}

function measureOf(unit: Unit, units: readonly Unit[]): FunctionMeasure {
  const { node, start } = unit.mark
  return {
    name: unit.name ?? anonymous,
    start,
    line: node.startPosition.row + 1,
    lines: node.endPosition.row - node.startPosition.row + 1,
    parameters: parametersOf(node),
    nesting: unit.nesting,
    cyclomatic: unit.cyclomatic,
    cognitive: isPart(unit) ? undefined : cognitiveOf(unit, units),
  }
}

/** A unit's own cost and that of the anonymous functions in it, one level deeper each. */
function cognitiveOf(root: Unit, units: readonly Unit[]): number {
  let total = root.flat + root.nested
  const levels = new Map<Unit, number>([[root, 0]])
  for (let index = units.indexOf(root) + 1; index < units.length; index++) {
    const unit = units[index]
    if (unit === undefined || unit.mark.start >= root.mark.end) break
    const around = unit.parent === undefined ? undefined : levels.get(unit.parent)
    if (around === undefined || !isPart(unit)) continue
    const level = around + unit.depthHere + 1
    levels.set(unit, level)
    total += unit.flat + unit.nested + level * unit.structures
  }
  return total
}

function parametersOf(node: SyntaxNode): number {
  const list = node.childForFieldName('parameters')
  if (list === null) return node.childForFieldName('parameter') === null ? 0 : 1
  return list.namedChildren.filter(
    (child) =>
      !/^(?:comment|keyword_separator|positional_separator)$/.test(child.type) &&
      !/^(?:self|cls|this)\b/.test(child.text.slice(0, 6)),
  ).length
}
