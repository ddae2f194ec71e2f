import type { SyntaxNode } from '#bench/syntax'
import { isConstant } from '../constants.ts'
import { carriesRequest } from '../request-data.ts'
import type { Hit, PatternRule } from '../rule.ts'
import type { Binding, Call, Source } from '../source.ts'
import { sqlBuiltAt } from '../sql-text.ts'
import { positional, resolve } from '../values.ts'

/** Rules about queries and records built from what users send. */
export const queryRules: readonly PatternRule[] = [
  {
    id: 'sql-built-from-text',
    title: 'SQL statement built from text',
    category: 'security',
    severity: 'high',
    confidence: 'medium',
    cwe: [89],
    defect: 'sql-injection',
    why: 'A value containing SQL changes the statement: attackers read, change or delete any row.',
    fix: 'Pass values as parameters of the query; choose table and column names from a fixed list.',
    python: [
      {
        on: 'call',
        names: [
          '*.execute',
          '*.executemany',
          '*.executescript',
          '*.raw',
          '*.read_sql',
          '*.read_sql_query',
          '*.extra',
          '*.fetch',
          '*.fetchrow',
          '*.fetchval',
          '*.text',
          'sqlalchemy.text',
        ],
        match: builtQuery,
      },
    ],
    javascript: [
      {
        on: 'call',
        names: [
          '*.query',
          '*.execute',
          '*.raw',
          '*.all',
          '*.get',
          '*.run',
          '*.exec',
          '*.prepare',
          '*.each',
          '*.$queryRawUnsafe',
          '*.$executeRawUnsafe',
          '*.whereRaw',
          '*.literal',
          '*.unsafe',
        ],
        match: builtQuery,
      },
    ],
  },
  {
    id: 'nosql-query-from-request',
    title: 'Database query object taken from the request',
    category: 'security',
    severity: 'high',
    confidence: 'medium',
    cwe: [943],
    defect: 'nosql-injection',
    why: 'A client can send operators such as `{"$ne": null}` instead of a value and so match other people’s records or log in without a password.',
    fix: 'Take single fields, make them strings (String(req.body.name)) or validate them with a schema, and never pass the body as the query.',
    python: [
      {
        on: 'call',
        names: ['*.find_one', '*.find', '*.update_one', '*.delete_one', '*.delete_many'],
        match: mongoPython,
      },
    ],
    javascript: [
      {
        on: 'call',
        names: [
          '*.findOne',
          '*.find',
          '*.findOneAndUpdate',
          '*.updateOne',
          '*.updateMany',
          '*.deleteOne',
          '*.deleteMany',
          '*.countDocuments',
        ],
        match: mongoScript,
      },
      { on: 'binding', name: /^\$where$/, match: whereBinding },
    ],
  },
  {
    id: 'mass-assignment',
    title: 'Record filled with everything the client sends',
    category: 'security',
    severity: 'medium',
    confidence: 'medium',
    cwe: [915],
    defect: 'mass-assignment',
    why: 'A client can set fields it was never meant to, such as `isAdmin` or the owner of the record.',
    fix: 'Name the fields that may be set, or validate the body with a schema that drops all others.',
    python: [{ on: 'call', names: ['*'], match: splatRecord }],
    javascript: [
      {
        on: 'call',
        names: ['*.create', '*.findByIdAndUpdate', '*.insertOne', '*.update', '*.updateOne', 'Object.assign'],
        match: bodyRecord,
      },
    ],
  },
]

function builtQuery(call: Call, source: Source): Hit | undefined {
  const statement = unwrapText(positional(call)[0])
  const built = statement === undefined ? undefined : sqlBuiltAt(statement, source)
  if (built === undefined) return undefined
  const direct = built.parts.find(({ node }) => carriesRequest(node, source))
  const worst = direct ?? built.parts.find(({ place }) => place === 'value') ?? built.parts[0]
  const hit = {
    node: built.node,
    message: `\`${worst?.node.text.slice(0, 60).replace(/\s+/g, ' ')}\` becomes part of the SQL given to \`${call.callee.text.slice(-60).replace(/\s+/g, ' ')}\`.`,
  }
  if (direct !== undefined) return { ...hit, severity: 'critical', confidence: 'high' }
  return worst?.place === 'name' ? { ...hit, severity: 'low', confidence: 'low' } : hit
}

/** `text("…")` and `sql.raw("…")` around a statement. */
function unwrapText(node: SyntaxNode | undefined): SyntaxNode | undefined {
  if (
    node?.type !== 'call' ||
    !/^(?:sqlalchemy\.|sa\.|db\.)?text$/.test(node.childForFieldName('function')?.text ?? '')
  )
    return node
  return node.childForFieldName('arguments')?.namedChild(0) ?? undefined
}

/** An object that is a value of the request itself, or has such values where operators would be believed. */
function mongoScript(call: Call, source: Source): Hit | undefined {
  const given = positional(call)[0]
  if (given === undefined) return undefined
  if (isWhole(given, source)) return { node: given, message: `\`${given.text}\` is used as the query itself.` }
  if (given.type !== 'object' || !isCollection(call)) return undefined
  for (const pair of given.namedChildren) {
    const value = pair.type === 'pair' ? pair.childForFieldName('value') : null
    if (value?.type === 'member_expression' && /^(?:req|request|ctx\.request)\.body\.\w+$/.test(value.text)) {
      return { node: value, message: `\`${value.text}\` may be an object with operators.`, confidence: 'medium' }
    }
  }
  return undefined
}

/** The native driver; mongoose casts values to the type in its schema. */
function isCollection(call: Call): boolean {
  return /(?:^|\.)(?:db|database)\.\w+\.|collection\([^)]*\)\.|[cC]ollection\.|^db\./.test(call.callee.text)
}

function isWhole(node: SyntaxNode, source: Source): boolean {
  if (/^(?:req|request|ctx\.request)\.(?:body|query)$/.test(node.text)) return true
  if (node.type !== 'identifier') return false
  const { bindings } = resolve(node.text, node, source)
  return (
    bindings.length === 1 &&
    bindings[0]?.target === node.text &&
    /^(?:req|request)\.(?:body|query)$/.test(bindings[0].value.text)
  )
}

function whereBinding(binding: Binding, source: Source): Hit | undefined {
  if (isConstant(binding.value, source) || /function|arrow/.test(binding.value.type)) return undefined
  return { node: binding.node, message: '`$where` runs text as JavaScript inside the database.' }
}

const wholeBody = /^(?:request\.(?:json|get_json\([^)]*\)|form|args|data)|await request\.json\(\))$/

function mongoPython(call: Call, source: Source): Hit | undefined {
  const given = positional(call)[0]
  if (given === undefined || !isWholePython(given, source)) return undefined
  return { node: given, message: `\`${given.text}\` is used as the query itself.` }
}

function isWholePython(node: SyntaxNode, source: Source): boolean {
  if (wholeBody.test(node.text)) return true
  if (node.type !== 'identifier') return false
  const { bindings } = resolve(node.text, node, source)
  return bindings.length === 1 && bindings[0]?.target === node.text && wholeBody.test(bindings[0].value.text)
}

/** `User(**request.json)`. */
function splatRecord(call: Call, source: Source): Hit | undefined {
  if (
    !/^(?:\w+\.)*[A-Z]\w*$|\.objects\.create$/.test(call.callee.text) ||
    /Schema|Request|Form|Create|Update|Input|DTO|Params/.test(call.callee.text)
  )
    return undefined
  for (const child of call.arguments.namedChildren) {
    const inner = child.type === 'dictionary_splat' ? child.namedChild(0) : null
    if (inner !== null && isWholePython(inner, source))
      return { node: call.node, message: `Every field of \`${inner.text}\` is written to \`${call.callee.text}\`.` }
  }
  return undefined
}

/** The body is run through a schema before, or only some fields are picked. */
function isChecked(body: SyntaxNode, source: Source): boolean {
  if (/\bpick\(/.test(body.text)) return true
  return [...source.imports.values()].some((module) =>
    /^(?:zod|joi|yup|ajv|celebrate|express-validator|superstruct|valibot)\b/.test(module),
  )
}

function bodyRecord(call: Call, source: Source): Hit | undefined {
  const arguments_ = positional(call)
  const receiver = call.callee.text.split('.')[0] ?? ''
  if (call.name !== 'Object.assign' && !/^(?:[A-Z]\w*|db|prisma|models?)$/.test(receiver)) return undefined
  if (call.name === 'Object.assign' && (arguments_[0]?.type === 'object' || arguments_[0] === undefined))
    return undefined
  const index =
    call.method === 'findByIdAndUpdate' || call.method === 'updateOne' || call.name === 'Object.assign' ? 1 : 0
  const body = arguments_[index]
  if (body === undefined || isChecked(body, source)) return undefined
  const spread =
    body.type === 'object' ? body.namedChildren.find((child) => child.type === 'spread_element')?.namedChild(0) : body
  if (!spread || !isWhole(spread, source) || /query$/.test(spread.text)) return undefined
  return { node: call.node, message: `Every field of \`${spread.text}\` is written to the record.` }
}
