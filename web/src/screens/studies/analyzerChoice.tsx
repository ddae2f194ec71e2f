import type { Analyzer } from '../../api/types.ts'
import { OutcomeGlyph } from '../../components/glyphs.tsx'
import { Loading, ProblemPanel } from '../../components/notices.tsx'
import { count } from '../../lib/format.ts'

interface Props {
  readonly analyzers: readonly Analyzer[] | undefined
  readonly error: Error | null
  /** The analyzers left out; all others are used. */
  readonly without: ReadonlySet<string>
  readonly onChange: (without: ReadonlySet<string>) => void
}

/** Which analyzers run. One that is missing a tool can be chosen: its analyses end in error, with the reason. */
export const AnalyzerChoice = ({ analyzers, error, without, onChange }: Props) => {
  const toggle = (id: string) => {
    const next = new Set(without)
    if (!next.delete(id)) next.add(id)
    onChange(next)
  }
  return (
    <section className="flex flex-col gap-2">
      <h3>
        Analyzers{' '}
        {analyzers ? (
          <span className="font-normal text-muted">
            {count(analyzers.filter(({ id }) => !without.has(id)).length)} of {count(analyzers.length)}
          </span>
        ) : null}
      </h3>
      {error ? <ProblemPanel error={error} /> : null}
      {analyzers === undefined && !error ? <Loading what="analyzers" /> : null}
      <ul className="grid gap-x-4 sm:grid-cols-2">
        {analyzers?.map((analyzer) => (
          <li key={analyzer.id}>
            <label className="flex items-start gap-2 rounded px-1 py-1.5 hover:bg-hover">
              <input
                type="checkbox"
                checked={!without.has(analyzer.id)}
                onChange={() => toggle(analyzer.id)}
                className="mt-1 accent-accent"
              />
              <span className="min-w-0">
                <span className="font-medium">{analyzer.title}</span>{' '}
                <span className="label">
                  {analyzer.category}
                  {analyzer.needs.running ? ' · starts the app' : ''}
                  {analyzer.needs.network ? ' · needs the network' : ''}
                </span>
                <span className="label block">{analyzer.description}</span>
                {analyzer.available ? null : (
                  <span className="flex items-center gap-1 text-sm text-danger">
                    <OutcomeGlyph status="error" />
                    {analyzer.reason ?? 'Not available on this machine'}
                  </span>
                )}
              </span>
            </label>
          </li>
        ))}
      </ul>
    </section>
  )
}
