import { counted, proofLines, visible, wrap } from '#bench/reports'
import { type FindingDetail, type FindingItem, findingDetailSchema, findingItemSchema } from '#bench/studies'
import { InvalidInput } from '#platform/errors'
import { page } from '#platform/http'
import { type Connection, connect } from '../connection.ts'
import { findApp, findStudy } from '../find.ts'
import { grouped, localTime, print, printJson, severityStyles } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { renderRecord, renderTable, styled } from '../table.ts'
import { type Terminal, terminalOf } from '../terminal.ts'
import type { FindingListFlags, TriageFlags, TriageState } from './findings.ts'

const listed = 50

/** `assay findings list`. */
export async function listFindings(flags: FindingListFlags, context: CommandContext): Promise<void> {
  await using connection = await connect(context)
  const { json, limit = listed, study, app, ...filter } = flags
  const wanted = {
    ...filter,
    ...(study !== undefined && { study: (await findStudy(connection, study)).id }),
    ...(app !== undefined && { app: (await findApp(connection, app)).id }),
  }
  const { items, total = items.length } = await connection.list(findingItemSchema, '/findings', { ...wanted, limit })
  if (json) return printJson({ findings: items, total })
  const folded = filter.confidence === undefined ? await countOf(connection, { ...wanted, confidence: 'low' }) : 0
  const note =
    folded > 0 ? `${grouped(folded)} of low confidence not shown; --confidence high,medium,low shows them.\n` : ''
  if (items.length === 0) return print(`No finding matches.\n${note}`)
  print(findingTable(items, terminalOf(process.stdout)))
  const shown =
    total > items.length
      ? `${items.length} of ${grouped(total)} findings; --limit shows more.`
      : counted(total, 'finding', 'findings')
  print(`\n${shown}\n${note}`)
}

async function countOf(connection: Connection, query: Readonly<Record<string, string>>): Promise<number> {
  const { items, total } = await connection.get(page(findingItemSchema), '/findings', { ...query, limit: 1 })
  return total ?? items.length
}

/** `assay findings show`. */
export async function showFinding(id: string, flags: { readonly json?: true }, context: CommandContext): Promise<void> {
  requireFindingId(id)
  await using connection = await connect(context)
  const finding = await connection.get(findingDetailSchema, `/findings/${id}`)
  if (flags.json) return printJson(finding)
  print(findingText(finding, terminalOf(process.stdout)))
}

/** `assay findings accept`, `false-positive`, `reopen`. */
export async function triageFinding(
  id: string,
  state: TriageState,
  flags: TriageFlags,
  context: CommandContext,
): Promise<void> {
  requireFindingId(id)
  await using connection = await connect(context)
  const finding = await connection.post(findingDetailSchema, `/findings/${id}/triage`, { state, reason: flags.reason })
  if (flags.json) return printJson(finding)
  print(
    `${visible(finding.title)} in ${visible(finding.app.name)} is ${stateText(finding.state)}, here and in every study of this app.\n`,
  )
}

/** @throws InvalidInput when the text is no id at all */
export function requireFindingId(id: string): void {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return
  throw new InvalidInput(`${id} is not the id of a finding.`, { next: "'assay findings list' shows the ids." })
}

function findingTable(findings: readonly FindingItem[], terminal: Terminal): string {
  return renderTable(
    [
      { title: 'severity' },
      { title: 'title', flexible: true },
      { title: 'app', flexible: true },
      { title: 'where', flexible: true },
      { title: 'state' },
      { title: 'id' },
    ],
    findings.map((finding) => [
      { text: finding.severity, style: severityStyles[finding.severity] },
      finding.title,
      finding.app.name,
      placeOf(finding),
      stateText(finding.state),
      finding.id,
    ]),
    terminal,
  )
}

function findingText(finding: FindingDetail, terminal: Terminal): string {
  const section = (title: string, text: string): string => `\n${styled('bold', title, terminal)}\n${text}`
  const seen = finding.witnesses.map(({ analyzer, rule, version }) => `${analyzer}/${rule} (${version})`)
  const { related = [], path = [], facts = {} } = finding.evidence
  return [
    renderRecord(
      [
        ['finding', finding.title],
        ['severity', { text: finding.severity, style: severityStyles[finding.severity] }],
        ['confidence', finding.confidence],
        ['state', stateText(finding.state)],
        ['app', finding.app.model === null ? finding.app.name : `${finding.app.name} (${finding.app.model})`],
        ['where', placeOf(finding)],
        ['message', finding.message],
        ['why', finding.why],
        ['fix', finding.fix],
        ...(finding.cwe.length > 0 ? [['weakness', finding.cwe.map((cwe) => `CWE-${cwe}`).join(', ')] as const] : []),
        ...(finding.owasp === undefined ? [] : [['OWASP', finding.owasp] as const]),
        ['seen by', seen.join(', ')],
        ['put there by', finding.provenance],
        ...(finding.help === undefined ? [] : [['more', finding.help] as const]),
        // `target` is for the machine that makes an attack again.
        ...Object.entries(facts)
          .filter(([name]) => name !== 'target')
          .map(([name, value]) => [visible(name), String(value)] as const),
        ...path.map((step) => [step.kind, `${placeOf(step)}: ${step.message}`] as const),
        ...proofLines(finding).map((line) => ['proof', line] as const),
        ...related.map((one) => ['see also', `${placeOf(one)}: ${one.message}`] as const),
        ['study', finding.study.name],
        ['id', finding.id],
      ],
      terminal,
    ),
    finding.code === null ? '' : section('Code', codeText(finding.code, terminal)),
    finding.history.length === 0 ? '' : section('History', historyText(finding.history, terminal)),
  ].join('')
}

function codeText({ startLine, lines, highlight }: NonNullable<FindingDetail['code']>, terminal: Terminal): string {
  const digits = String(startLine + lines.length).length
  const text = lines.map((line, at) => {
    const number = startLine + at
    const marked = number >= highlight.startLine && number <= highlight.endLine
    const safe = line.replaceAll('\t', '    ').replaceAll(/[^ ]+/g, (word) => visible(word))
    const shown = `${marked ? '>' : ' '} ${String(number).padStart(digits)}  ${safe}`.trimEnd()
    return marked ? styled('bold', shown, terminal) : shown
  })
  return `${text.join('\n')}\n`
}

function historyText(history: FindingDetail['history'], terminal: Terminal): string {
  return history
    .flatMap(({ at, state, author, reason, study }) => {
      const by = [author, study].filter((part) => part !== null).map((part) => visible(part))
      const text = `${localTime(at)}  ${stateText(state)}${by.length > 0 ? ` (${by.join(', ')})` : ''}${reason === null ? '' : `: ${visible(reason)}`}`
      return wrap(text, terminal.width)
    })
    .map((line) => `${line}\n`)
    .join('')
}

/** `app.py:12`, or `POST /login (password)`. */
function placeOf({ location }: Pick<FindingItem, 'location'>): string {
  if (location.kind === 'endpoint') {
    return `${location.method} ${location.url}${location.parameter === undefined ? '' : ` (${location.parameter})`}`
  }
  return location.region === undefined ? location.path : `${location.path}:${location.region.startLine}`
}

function stateText(state: FindingItem['state']): string {
  return state.replace('_', ' ')
}
