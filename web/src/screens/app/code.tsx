import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { appQuery, contentQuery, filesQuery } from '../../api/apps.ts'
import { fileFindingsQuery, findingQuery } from '../../api/findings.ts'
import type { AppFile } from '../../api/types.ts'
import { EmptyState, Loading, ProblemPanel } from '../../components/notices.tsx'
import { bytes, count, plural } from '../../lib/format.ts'
import { stepAt, walkOf } from '../../lib/pathWalk.ts'
import { CodeView } from './codeView.tsx'
import { FileTree } from './fileTree.tsx'
import { PathBar } from './pathBar.tsx'

const route = getRouteApi('/apps/$appId/code')

/** The code of an app: the tree beside it, the findings marked in it; file and line stand in the address. */
export const AppCode = () => {
  const { appId } = route.useParams()
  const { path, line, study, finding: findingId, step: number } = route.useSearch()
  const navigate = route.useNavigate()
  const finding = useQuery({ ...findingQuery(findingId ?? ''), enabled: findingId !== undefined })
  const files = useQuery(filesQuery(appId))
  const app = useQuery(appQuery(appId))
  if (files.error) return <ProblemPanel error={files.error} retry={() => void files.refetch()} />
  if (finding.error) return <ProblemPanel error={finding.error} retry={() => void finding.refetch()} />
  if (!files.data || (findingId !== undefined && !finding.data)) return <Loading what="files" />
  const walk = finding.data ? walkOf(finding.data) : []
  const step = stepAt(walk, number)
  const shown = path ?? step?.path ?? firstOf(files.data.items)?.path
  if (shown === undefined) return <EmptyState title="This app has no files" />
  const file = files.data.items.find((candidate) => candidate.path === shown)
  return (
    <div className="grid gap-3 lg:grid-cols-[17rem_minmax(0,1fr)]">
      <FileTree appId={appId} study={study} files={files.data.items} chosen={shown} />
      <div className="panel min-w-0 overflow-hidden">
        {finding.data && step ? (
          <PathBar
            finding={finding.data}
            walk={walk}
            step={step}
            onStep={(to) =>
              void navigate({
                search: {
                  path: to.path,
                  line: to.line,
                  finding: findingId,
                  step: to.number,
                  ...(study ? { study } : {}),
                },
                replace: true,
                resetScroll: false,
              })
            }
          />
        ) : null}
        <div className="flex flex-wrap items-center gap-x-4 border-b border-line px-3 py-1.5">
          <h2 className="mono min-w-0 break-all font-medium">{shown}</h2>
          {file ? (
            <span className="label ml-auto">
              {file.language ?? file.kind} · {file.role} · {plural(file.lines, 'line')} · {bytes(file.size)}
            </span>
          ) : null}
        </div>
        {file?.kind === 'binary' ? (
          <EmptyState title="A binary file">Its content is not shown.</EmptyState>
        ) : (
          <Content
            appId={appId}
            path={shown}
            line={line ?? (step?.path === shown ? step.line : undefined)}
            study={study ?? app.data?.studies[0]?.id}
          />
        )}
      </div>
    </div>
  )
}

const firstOf = (files: readonly AppFile[]): AppFile | undefined =>
  files.find(({ role, kind }) => role === 'source' && kind === 'text') ??
  files.find(({ kind }) => kind === 'text') ??
  files[0]

interface ContentProps {
  readonly appId: string
  readonly path: string
  readonly line: number | undefined
  /** Whose findings are marked: the study asked for, or the latest with this app. */
  readonly study: string | undefined
}
const Content = ({ appId, path, line, study }: ContentProps) => {
  const content = useQuery(contentQuery(appId, path))
  const findings = useQuery({ ...fileFindingsQuery(appId, path, study), enabled: study !== undefined })
  if (content.error) return <ProblemPanel error={content.error} retry={() => void content.refetch()} />
  if (!content.data) return <Loading what="file" />
  const { text, language, truncated, lines } = content.data
  if (text === '') return <EmptyState title="An empty file" />
  return (
    <>
      {truncated ? (
        <p role="status" className="border-b border-line bg-mark px-3 py-1.5">
          The file is long: only its beginning is shown, of {count(lines)} lines.
        </p>
      ) : null}
      {findings.error ? <ProblemPanel error={findings.error} retry={() => void findings.refetch()} /> : null}
      <CodeView
        key={path}
        appId={appId}
        path={path}
        study={study}
        text={text}
        language={language}
        line={line}
        findings={findings.data ?? []}
      />
    </>
  )
}
