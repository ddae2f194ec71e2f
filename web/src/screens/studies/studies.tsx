import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { studiesQuery } from '../../api/studies.ts'
import type { Study } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { DataTable, type TableColumn } from '../../components/dataTable.tsx'
import { EmptyState, Loading, ProblemPanel } from '../../components/notices.tsx'
import { PageHeader } from '../../components/pageHeader.tsx'
import { SearchBox } from '../../components/searchBox.tsx'
import { useMay } from '../../components/session.tsx'
import { SeverityCountsLine } from '../../components/severityCounts.tsx'
import { StudyProgress, StudyState } from '../../components/studyState.tsx'
import { Ago } from '../../components/time.tsx'
import { count } from '../../lib/format.ts'
import { useShortcut } from '../../lib/shortcuts.ts'
import { NewStudyDialog } from './newStudy.tsx'

const route = getRouteApi('/studies')

/** All studies of the workspace, newest first. */
export const Studies = () => {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/studies' })
  const mayCreate = useMay('analyst')
  const studies = useQuery(studiesQuery)
  const open = () => void navigate({ search: (before) => ({ ...before, new: true }) })
  useShortcut('n', 'New study', () => (mayCreate ? open() : undefined))
  const shown = useMemo(() => named(studies.data?.items ?? [], search.q), [studies.data, search.q])

  return (
    <>
      <PageHeader
        title="Studies"
        below="A study puts a question to a matrix of apps and analyzers."
        actions={
          mayCreate ? (
            <Button look="primary" onClick={open}>
              New study
            </Button>
          ) : null
        }
      />
      {studies.error ? <ProblemPanel error={studies.error} retry={() => void studies.refetch()} /> : null}
      {studies.isPending ? <Loading what="studies" /> : null}
      {studies.data?.items.length === 0 ? <FirstStudy mayCreate={mayCreate} open={open} /> : null}
      {studies.data && studies.data.items.length > 0 ? (
        <div className="flex flex-col gap-3">
          <div className="flex">
            <SearchBox
              label="Search studies"
              value={search.q ?? ''}
              onChange={(q) => void navigate({ search: (before) => ({ ...before, q: q || undefined }), replace: true })}
            />
          </div>
          {shown.length === 0 ? (
            <EmptyState title="No study has that name" />
          ) : (
            <DataTable label="Studies" rows={shown} columns={columns} keyOf={(study) => study.id} order="-created" />
          )}
        </div>
      ) : null}
      {search.new && mayCreate ? (
        <NewStudyDialog
          chosen={search.apps ?? []}
          onClose={() => void navigate({ search: ({ new: _new, apps: _apps, ...rest }) => rest })}
        />
      ) : null}
    </>
  )
}

const named = (studies: readonly Study[], q: string | undefined): readonly Study[] => {
  const wanted = q?.toLowerCase()
  return wanted
    ? studies.filter((study) => `${study.name} ${study.question ?? ''}`.toLowerCase().includes(wanted))
    : studies
}

const FirstStudy = ({ mayCreate, open }: { readonly mayCreate: boolean; readonly open: () => void }) => (
  <EmptyState
    title="No study yet"
    command='bin/assay study run examples --name "Starter study"'
    {...(mayCreate
      ? {
          action: (
            <Button look="primary" onClick={open}>
              New study
            </Button>
          ),
        }
      : {})}
  >
    Import folders of apps, pick analyzers, and watch the matrix fill in. From a terminal, the same is one command:
  </EmptyState>
)

const columns: readonly TableColumn<Study>[] = [
  {
    id: 'name',
    header: 'Study',
    value: (study) => study.name,
    className: 'min-w-48',
    cell: (study) => (
      <>
        <Link
          to="/studies/$studyId"
          params={{ studyId: study.id }}
          data-row-link
          className="font-medium no-underline [overflow-wrap:anywhere] hover:text-accent hover:underline"
        >
          {study.name}
        </Link>
        {study.question ? <p className="label line-clamp-1 [overflow-wrap:anywhere]">{study.question}</p> : null}
      </>
    ),
  },
  { id: 'state', header: 'State', value: (study) => study.state, cell: (study) => <StudyState state={study.state} /> },
  {
    id: 'progress',
    header: 'Analyses',
    value: (study) => study.progress.total,
    cell: (study) => <StudyProgress study={study} />,
  },
  { id: 'apps', header: 'Apps', value: (study) => study.apps, className: 'figure', cell: (study) => count(study.apps) },
  {
    id: 'models',
    header: 'Models',
    value: (study) => study.models.length,
    cell: (study) =>
      study.models.length === 0 ? (
        <span className="text-muted">not given</span>
      ) : (
        <span className="line-clamp-2" title={study.models.join(', ')}>
          {study.models.slice(0, 3).join(', ')}
          {study.models.length > 3 ? <span className="text-muted"> +{study.models.length - 3}</span> : null}
        </span>
      ),
  },
  {
    id: 'findings',
    header: 'Findings',
    value: (study) => study.findings.total,
    className: 'figure',
    cell: (study) => (
      <Link to="/studies/$studyId/findings" params={{ studyId: study.id }} className="quiet-link">
        {count(study.findings.total)}
      </Link>
    ),
  },
  {
    id: 'severity',
    header: 'By severity',
    className: 'stacked-wide',
    cell: (study) => <SeverityCountsLine counts={study.findings.bySeverity} filters={{ study: study.id }} />,
  },
  {
    id: 'created',
    header: 'Started',
    value: (study) => study.createdAt,
    cell: (study) => <Ago at={study.createdAt} />,
  },
]
