import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState } from 'react'
import type { App } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { Loading, ProblemPanel } from '../../components/notices.tsx'
import { count, plural } from '../../lib/format.ts'

interface Props {
  readonly apps: readonly App[] | undefined
  readonly error: Error | null
  readonly selected: ReadonlySet<string>
  readonly onChange: (selected: ReadonlySet<string>) => void
}

const rowHeight = 32

/** Check boxes for the apps of the workspace; a search and "all shown" make choosing hundreds quick. */
export const AppChoice = ({ apps, error, selected, onChange }: Props) => {
  const [search, setSearch] = useState('')
  const shown = useMemo(() => {
    const wanted = search.toLowerCase()
    return (apps ?? []).filter((app) =>
      `${app.name} ${app.model ?? ''} ${app.spec ?? ''}`.toLowerCase().includes(wanted),
    )
  }, [apps, search])
  const allShown = shown.length > 0 && shown.every((app) => selected.has(app.id))
  const setShown = (on: boolean) => {
    const next = new Set(selected)
    for (const app of shown) {
      if (on) next.add(app.id)
      else next.delete(app.id)
    }
    onChange(next)
  }
  return (
    <section className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="mr-auto">
          Apps <span className="font-normal text-muted">{count(selected.size)} chosen</span>
        </h3>
        <input
          aria-label="Search apps"
          placeholder="Search by name, model or spec"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className="input w-56"
        />
        <Button disabled={shown.length === 0} onClick={() => setShown(!allShown)}>
          {allShown ? 'None' : search === '' ? 'All' : `All ${count(shown.length)} shown`}
        </Button>
      </div>
      {error ? <ProblemPanel error={error} /> : null}
      {apps === undefined && !error ? <Loading what="apps" /> : null}
      {apps?.length === 0 ? <p className="text-muted">No apps yet. Bring some in above.</p> : null}
      {shown.length > 0 ? <AppRows apps={shown} selected={selected} onChange={onChange} /> : null}
      {apps && apps.length > 0 && shown.length === 0 ? <p className="text-muted">No app matches the search.</p> : null}
    </section>
  )
}

const AppRows = ({ apps, selected, onChange }: Omit<Props, 'apps' | 'error'> & { readonly apps: readonly App[] }) => {
  const box = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: apps.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
  const toggle = (id: string) => {
    const next = new Set(selected)
    if (!next.delete(id)) next.add(id)
    onChange(next)
  }
  return (
    <div ref={box} className="max-h-52 overflow-y-auto rounded border border-line">
      <ul className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const app = apps[item.index]
          return app ? (
            <li
              key={app.id}
              className="absolute inset-x-0"
              style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
            >
              <label className="flex h-full items-center gap-2 px-3 hover:bg-hover">
                <input
                  type="checkbox"
                  checked={selected.has(app.id)}
                  onChange={() => toggle(app.id)}
                  className="accent-accent"
                />
                <span className="min-w-0 flex-1 truncate">{app.name}</span>
                <span className="label truncate">{app.stack.join(', ')}</span>
                <span className="label w-20 text-right">{plural(app.lines, 'line')}</span>
              </label>
            </li>
          ) : null
        })}
      </ul>
    </div>
  )
}
