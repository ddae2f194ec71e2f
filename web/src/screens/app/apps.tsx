import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { appsQuery } from '../../api/apps.ts'
import type { App } from '../../api/types.ts'
import { buttonClass } from '../../components/button.tsx'
import { DataTable, type TableColumn } from '../../components/dataTable.tsx'
import { FilterMenu } from '../../components/filterMenu.tsx'
import { EmptyState, Loading, ProblemPanel } from '../../components/notices.tsx'
import { PageHeader } from '../../components/pageHeader.tsx'
import { SearchBox } from '../../components/searchBox.tsx'
import { useMay } from '../../components/session.tsx'
import { Ago } from '../../components/time.tsx'
import { bytes, count, plural } from '../../lib/format.ts'

const route = getRouteApi('/apps')

/** Every app that was imported. */
export const Apps = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const mayStudy = useMay('analyst')
  const apps = useQuery(appsQuery)
  const shown = useMemo(() => {
    const wanted = search.q?.toLowerCase()
    return (apps.data ?? []).filter(
      (app) =>
        (!wanted || `${app.name} ${app.stack.join(' ')}`.toLowerCase().includes(wanted)) &&
        (!search.model || search.model.includes(app.model ?? '')) &&
        (!search.spec || search.spec.includes(app.spec ?? '')),
    )
  }, [apps.data, search])
  return (
    <>
      <PageHeader
        title="Apps"
        below="The code under test: immutable snapshots, known by their content."
        actions={
          mayStudy ? (
            <Link to="/studies" search={{ new: true }} className={buttonClass('primary')}>
              Import and study
            </Link>
          ) : null
        }
      />
      {apps.error ? <ProblemPanel error={apps.error} retry={() => void apps.refetch()} /> : null}
      {apps.isPending ? <Loading what="apps" /> : null}
      {apps.data?.length === 0 ? (
        <EmptyState title="No apps yet" command="bin/assay apps import DIR">
          Import a folder that holds apps as {'{model}/app{n}'}, a single project, an archive or a repository.
        </EmptyState>
      ) : null}
      {apps.data && apps.data.length > 0 ? (
        <div className="flex flex-col gap-3">
          <div className="flex flex-wrap items-center gap-2">
            <SearchBox
              label="Search apps"
              value={search.q ?? ''}
              onChange={(q) => void navigate({ search: (before) => ({ ...before, q: q || undefined }), replace: true })}
            />
            <FilterMenu
              label="Model"
              options={valuesOf(apps.data, 'model')}
              chosen={search.model ?? []}
              onChange={(chosen) =>
                void navigate({ search: (before) => ({ ...before, model: [...chosen] }), replace: true })
              }
            />
            <FilterMenu
              label="Spec"
              options={valuesOf(apps.data, 'spec')}
              chosen={search.spec ?? []}
              onChange={(chosen) =>
                void navigate({ search: (before) => ({ ...before, spec: [...chosen] }), replace: true })
              }
            />
            <span className="label" role="status">
              {plural(shown.length, 'app')}
            </span>
          </div>
          {shown.length === 0 ? (
            <EmptyState title="No app matches the filters" />
          ) : (
            <DataTable label="Apps" rows={shown} columns={columns} keyOf={(app) => app.id} />
          )}
        </div>
      ) : null}
    </>
  )
}

const valuesOf = (apps: readonly App[], property: 'model' | 'spec') =>
  [...Map.groupBy(apps, (app) => app[property])]
    .flatMap(([value, held]) => (value === null ? [] : [{ value, label: value, count: held.length }]))
    .sort((a, b) => (a.value < b.value ? -1 : 1))

const notGiven = <span className="text-muted">not given</span>

const columns: readonly TableColumn<App>[] = [
  {
    id: 'name',
    header: 'App',
    value: (app) => app.name,
    cell: (app) => (
      <Link
        to="/apps/$appId"
        params={{ appId: app.id }}
        data-row-link
        className="font-medium no-underline hover:text-accent hover:underline"
      >
        {app.name}
      </Link>
    ),
  },
  { id: 'model', header: 'Model', value: (app) => app.model ?? undefined, cell: (app) => app.model ?? notGiven },
  { id: 'spec', header: 'Spec', value: (app) => app.spec ?? undefined, cell: (app) => app.spec ?? notGiven },
  {
    id: 'sample',
    header: 'Sample',
    value: (app) => app.sample ?? undefined,
    className: 'figure',
    cell: (app) => (app.sample === null ? notGiven : count(app.sample)),
  },
  {
    id: 'stack',
    header: 'Stack',
    value: (app) => app.stack.join(' '),
    className: 'whitespace-nowrap',
    cell: (app) => (app.stack.length === 0 ? <span className="text-muted">not recognised</span> : app.stack.join(', ')),
  },
  { id: 'files', header: 'Files', value: (app) => app.files, className: 'figure', cell: (app) => count(app.files) },
  { id: 'lines', header: 'Lines', value: (app) => app.lines, className: 'figure', cell: (app) => count(app.lines) },
  {
    id: 'size',
    header: 'Size',
    value: (app) => app.bytes,
    className: 'figure whitespace-nowrap',
    cell: (app) => bytes(app.bytes),
  },
  { id: 'created', header: 'Imported', value: (app) => app.createdAt, cell: (app) => <Ago at={app.createdAt} /> },
]
