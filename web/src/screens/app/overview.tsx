import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { appQuery } from '../../api/apps.ts'
import { groupsQuery } from '../../api/findings.ts'
import type { AppDetail, severities } from '../../api/types.ts'
import { Bar } from '../../components/bar.tsx'
import { SeverityCountsLine } from '../../components/severityCounts.tsx'
import { count, plural, share } from '../../lib/format.ts'
import { AppOutcomes } from './appOutcomes.tsx'
import { Section } from './section.tsx'

const route = getRouteApi('/apps/$appId/')

/** What an app is made of and how its analyses ended. */
export const AppOverview = () => {
  const { appId } = route.useParams()
  const { data: app } = useQuery(appQuery(appId))
  const { study } = route.useSearch()
  const navigate = route.useNavigate()
  if (!app) return null
  const chosen = study ?? app.studies[0]?.id
  return (
    <div className="gap-4 lg:columns-2 *:mb-4 *:break-inside-avoid">
      <Section title="Findings">
        {chosen === undefined ? (
          <p className="text-muted">No study holds this app yet. Use “Study this app” above.</p>
        ) : (
          <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
            <FindingCounts appId={appId} studyId={chosen} />
            <select
              aria-label="Study"
              value={chosen}
              onChange={(event) => void navigate({ search: { study: event.target.value }, replace: true })}
              className="input max-w-full"
            >
              {app.studies.map((entry) => (
                <option key={entry.id} value={entry.id}>
                  in {entry.name}
                </option>
              ))}
            </select>
          </div>
        )}
      </Section>
      {chosen === undefined ? null : <AppOutcomes appId={appId} studyId={chosen} />}
      <Section title="Components">
        <Components app={app} />
      </Section>
      <Section title="Languages">
        <Languages languages={app.languages} />
      </Section>
      <Section title="Routes" note={plural(app.routes.length, 'route')}>
        <Endpoints
          appId={appId}
          empty="No routes were found in the source."
          rows={app.routes.map(({ method, path, file, line }) => ({ method, target: path, file, line }))}
        />
      </Section>
      <Section title="Outgoing calls" note={plural(app.calls.length, 'call')}>
        <Endpoints
          appId={appId}
          empty="No calls to a server were found in the source."
          rows={app.calls.map(({ method, url, file, line }) => ({ method, target: url, file, line }))}
        />
      </Section>
      <Section title="Left out of the snapshot" note={count(app.excluded.length)}>
        {app.excluded.length === 0 ? <p className="text-muted">Nothing: every file was taken.</p> : null}
        <ul className="max-h-64 overflow-y-auto">
          {app.excluded.map((entry) => (
            <li key={entry.path}>
              <code className="mono break-all">{entry.path}</code> <span className="text-muted">{entry.reason}</span>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Identity">
        <p className="label">Snapshot</p>
        <code className="mono break-all">{app.snapshot}</code>
      </Section>
    </div>
  )
}

const FindingCounts = ({ appId, studyId }: { readonly appId: string; readonly studyId: string }) => {
  const groups = useQuery(groupsQuery('severity', { app: appId, study: studyId }))
  if (!groups.data) return <p className="text-muted">Counting…</p>
  const of = (severity: (typeof severities)[number]) =>
    groups.data.items.find(({ key }) => key === severity)?.count ?? 0
  return (
    <SeverityCountsLine
      counts={{ critical: of('critical'), high: of('high'), medium: of('medium'), low: of('low'), info: of('info') }}
      filters={{ app: appId, study: studyId }}
    />
  )
}

const Components = ({ app }: { readonly app: AppDetail }) => (
  <>
    {app.components.length === 0 ? <p className="text-muted">No known framework was recognised.</p> : null}
    <ul className="flex flex-col gap-1.5">
      {app.components.map((component) => (
        <li key={`${component.path} ${component.framework}`}>
          <span className="font-medium">{component.framework}</span> {component.role} in {component.language}
          <span className="text-muted">
            {' '}
            in {component.path === '' ? 'the root' : <code className="mono">{component.path}</code>}, by{' '}
          </span>
          <Link
            to="/apps/$appId/code"
            params={{ appId: app.id }}
            search={{ path: component.evidence }}
            className="mono link break-all"
          >
            {component.evidence}
          </Link>
        </li>
      ))}
    </ul>
  </>
)

const Languages = ({ languages }: { readonly languages: AppDetail['languages'] }) => {
  const entries = Object.entries(languages).sort(([, a], [, b]) => b.lines - a.lines)
  const total = entries.reduce((sum, [, { lines }]) => sum + lines, 0)
  return (
    <ul className="flex flex-col gap-1">
      {entries.map(([language, { files, lines }]) => (
        <li
          key={language}
          className="grid grid-cols-[7rem_5rem_5.5rem_3rem_1fr] items-center gap-2 max-sm:grid-cols-[6rem_6rem_3rem_1fr]"
        >
          <span className="truncate">{language}</span>
          <span className="figure whitespace-nowrap">{plural(lines, 'line')}</span>
          <span className="figure whitespace-nowrap text-muted max-sm:hidden">{plural(files, 'file')}</span>
          <span className="figure text-muted">{share(lines, total)}</span>
          <Bar share={total === 0 ? 0 : lines / total} />
        </li>
      ))}
    </ul>
  )
}

interface EndpointRow {
  readonly method: string
  readonly target: string
  readonly file: string
  readonly line: number
}
const Endpoints = ({
  appId,
  rows,
  empty,
}: {
  readonly appId: string
  readonly rows: readonly EndpointRow[]
  readonly empty: string
}) =>
  rows.length === 0 ? (
    <p className="text-muted">{empty}</p>
  ) : (
    <ul className="flex max-h-80 flex-col gap-1.5 overflow-y-auto">
      {rows.map((row) => (
        <li
          key={`${row.method} ${row.target} ${row.file}:${row.line}`}
          className="grid min-h-6 grid-cols-[4.5rem_minmax(0,1fr)_minmax(0,1fr)] items-center gap-2"
        >
          <span className="mono text-muted">{row.method}</span>
          <code className="mono truncate" title={row.target}>
            {row.target}
          </code>
          <Link
            to="/apps/$appId/code"
            params={{ appId }}
            search={{ path: row.file, line: row.line }}
            className="mono link truncate text-right"
            title={`${row.file}:${row.line}`}
          >
            {row.file}:{row.line}
          </Link>
        </li>
      ))}
    </ul>
  )
