import type { Analyzer } from '../../api/types.ts'
import { Command } from '../../components/copyButton.tsx'
import { DataTable, type TableColumn } from '../../components/dataTable.tsx'
import { OutcomeGlyph } from '../../components/glyphs.tsx'
import { Ago } from '../../components/time.tsx'

/** Each analyzer: whether it can run here, whether it found its canary, and what to install where not. */
export const AnalyzerTable = ({ analyzers }: { readonly analyzers: readonly Analyzer[] }) => (
  <DataTable label="Analyzers" rows={analyzers} columns={columns} keyOf={(analyzer) => analyzer.id} />
)

const needsOf = ({ needs }: Analyzer): string[] =>
  Object.entries(needs).flatMap(([need, needed]) => (needed ? [need] : []))

const canaryWords = { passed: 'Found', failed: 'Not found', not_run: 'Not run yet' } as const
const canaryGlyphs = { passed: 'completed', failed: 'error', not_run: 'queued' } as const

const columns: readonly TableColumn<Analyzer>[] = [
  {
    id: 'id',
    header: 'Analyzer',
    value: (analyzer) => analyzer.id,
    className: 'min-w-56',
    cell: (analyzer) => (
      <>
        <span className="font-medium">{analyzer.id}</span>
        <p className="label">{analyzer.description}</p>
      </>
    ),
  },
  { id: 'category', header: 'Category', value: (analyzer) => analyzer.category, cell: (analyzer) => analyzer.category },
  {
    id: 'available',
    header: 'Here',
    value: (analyzer) => (analyzer.available ? 1 : 0),
    className: 'min-w-44',
    cell: (analyzer) =>
      analyzer.available ? (
        <span className="inline-flex items-center gap-1.5">
          <OutcomeGlyph status="completed" />
          Can run
        </span>
      ) : (
        <div className="flex flex-col items-start gap-1">
          <span className="inline-flex items-center gap-1.5 text-danger">
            <OutcomeGlyph status="error" />
            {analyzer.reason ?? 'Cannot run'}
          </span>
          {analyzer.install ? <Command>{analyzer.install}</Command> : null}
        </div>
      ),
  },
  {
    id: 'canary',
    header: 'Canary',
    value: (analyzer) => analyzer.canary.state,
    className: 'min-w-32',
    cell: ({ canary }) => (
      <>
        <span className="inline-flex flex-wrap items-center gap-x-1.5">
          <OutcomeGlyph status={canaryGlyphs[canary.state]} />
          {canaryWords[canary.state]}
          {canary.at ? (
            <span className="text-muted">
              <Ago at={canary.at} />
            </span>
          ) : null}
        </span>
        {canary.reason ? <p className="label">{canary.reason}</p> : null}
      </>
    ),
  },
  {
    id: 'needs',
    header: 'Needs',
    className: 'whitespace-nowrap text-muted',
    cell: (analyzer) => needsOf(analyzer).join(', ') || 'nothing',
  },
  {
    id: 'version',
    header: 'Version',
    className: 'max-w-48',
    cell: (analyzer) => <code className="mono break-words text-muted">{analyzer.version}</code>,
  },
]
