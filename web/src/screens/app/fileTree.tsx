import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { AppFile } from '../../api/types.ts'
import { Icon } from '../../components/icons.tsx'
import { treeRows } from '../../lib/fileTree.ts'
import { count } from '../../lib/format.ts'

interface Props {
  readonly appId: string
  readonly files: readonly AppFile[]
  readonly chosen: string
  /** The study in the address, kept from file to file. */
  readonly study: string | undefined
}

/** Folders and files; on a phone the tree folds into one line above the code. */
export const FileTree = ({ appId, files, chosen, study }: Props) => {
  const [closed, setClosed] = useState(() => closedAtFirst(files, chosen))
  const rows = useMemo(
    () =>
      treeRows(
        files.map(({ path }) => path),
        closed,
      ),
    [files, closed],
  )
  const toggle = (path: string) => {
    const next = new Set(closed)
    if (!next.delete(path)) next.add(path)
    setClosed(next)
  }
  const tree = (
    <ul className="overflow-y-auto py-1 lg:max-h-[calc(100dvh-15rem)] max-lg:max-h-64">
      {rows.map((row) => {
        const indent = { paddingLeft: `${0.6 + row.depth * 0.9}rem` }
        return (
          <li key={`${row.folder} ${row.path}`}>
            {row.folder ? (
              <button
                type="button"
                aria-expanded={!closed.has(row.path)}
                onClick={() => toggle(row.path)}
                style={indent}
                className="flex w-full items-center gap-1.5 py-0.5 pr-2 text-left hover:bg-hover focus-visible:-outline-offset-2"
              >
                <Icon name={closed.has(row.path) ? 'right' : 'down'} className="size-3 text-muted" />
                <span className="truncate" title={row.name}>
                  {row.name}
                </span>
              </button>
            ) : (
              <Link
                to="/apps/$appId/code"
                params={{ appId }}
                search={{ path: row.path, ...(study ? { study } : {}) }}
                aria-current={row.path === chosen ? 'page' : undefined}
                style={indent}
                className="flex items-center gap-1.5 py-0.5 pr-2 no-underline hover:bg-hover focus-visible:-outline-offset-2 aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent"
              >
                <Icon name="file" className="size-3 text-muted" />
                <span className="truncate" title={row.name}>
                  {row.name}
                </span>
              </Link>
            )}
          </li>
        )
      })}
    </ul>
  )
  return (
    <nav aria-label="Files" className="panel self-start overflow-hidden">
      <details className="lg:hidden">
        <summary className="px-3 py-2">{count(files.length)} files</summary>
        {tree}
      </details>
      <div className="max-lg:hidden">{tree}</div>
    </nav>
  )
}

/** Files up to which the whole tree stands open. */
const fewFiles = 300

/** In an app of many files, all folders but those around the chosen file. */
const closedAtFirst = (files: readonly AppFile[], chosen: string): ReadonlySet<string> => {
  if (files.length <= fewFiles) return new Set()
  const all = treeRows(
    files.map(({ path }) => path),
    new Set(),
  )
  return new Set(all.flatMap(({ folder, path }) => (folder && !chosen.startsWith(`${path}/`) ? [path] : [])))
}
