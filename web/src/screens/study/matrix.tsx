import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { matrixQuery } from '../../api/studies.ts'
import { FilterMenu } from '../../components/filterMenu.tsx'
import { EmptyState, Loading, ProblemPanel } from '../../components/notices.tsx'
import { SearchBox } from '../../components/searchBox.tsx'
import { plural } from '../../lib/format.ts'
import { MatrixGrid } from './matrixGrid.tsx'
import { filterRows } from './matrixRows.ts'

const route = getRouteApi('/studies/$studyId/')

/** Apps × analyzers, filling in as the study runs. */
export const MatrixTab = () => {
  const { studyId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const matrix = useQuery(matrixQuery(studyId))
  const rows = useMemo(() => filterRows(matrix.data?.rows ?? [], search), [matrix.data, search])
  const models = useMemo(
    () => [...new Set(matrix.data?.rows.flatMap(({ app }) => app.model ?? []))].sort(),
    [matrix.data],
  )
  if (matrix.error && !matrix.data) return <ProblemPanel error={matrix.error} retry={() => void matrix.refetch()} />
  if (!matrix.data) return <Loading what="matrix" />
  if (matrix.data.rows.length === 0) {
    return <EmptyState title="This study has no apps yet" command="bin/assay apps import DIR" />
  }
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <SearchBox
          label="Search apps"
          value={search.q ?? ''}
          onChange={(q) => void navigate({ search: (before) => ({ ...before, q: q || undefined }), replace: true })}
        />
        {models.length > 0 ? (
          <FilterMenu
            label="Model"
            options={models.map((model) => ({ value: model, label: model }))}
            chosen={search.model ?? []}
            onChange={(chosen) =>
              void navigate({
                search: ({ model: _model, ...before }) =>
                  chosen.length > 0 ? { ...before, model: [...chosen] } : before,
                replace: true,
              })
            }
          />
        ) : null}
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={search.problems ?? false}
            onChange={(event) => {
              const on = event.target.checked
              void navigate({
                search: ({ problems: _problems, ...before }) => (on ? { ...before, problems: true } : before),
                replace: true,
              })
            }}
            className="accent-accent"
          />
          Only apps with failed analyses
        </label>
        <span className="label" role="status">
          {plural(rows.length, 'app')}
        </span>
      </div>
      {rows.length === 0 ? (
        <EmptyState title="No app matches the filters" />
      ) : (
        <MatrixGrid columns={matrix.data.analyzers} rows={rows} />
      )}
    </div>
  )
}
