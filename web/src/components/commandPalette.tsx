import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Dialog } from 'radix-ui'
import { useEffect, useId, useMemo, useState } from 'react'
import { appsQuery } from '../api/apps.ts'
import { studiesQuery } from '../api/studies.ts'
import { matching } from '../lib/paletteMatch.ts'
import { chooseTheme, themes } from '../lib/theme.ts'
import { Icon, type IconName } from './icons.tsx'
import { sections } from './sections.ts'
import { useMay } from './session.tsx'

interface Entry {
  readonly id: string
  readonly label: string
  readonly note: string
  readonly icon: IconName
  readonly run: () => void
}

interface Props {
  readonly open: boolean
  readonly setOpen: (open: boolean) => void
}

/** Ctrl/Cmd-K: everything that has a name, and everything that can be done from anywhere. */
export const CommandPalette = ({ open, setOpen }: Props) => {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setOpen(!open)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [open, setOpen])

  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-[#0008]" />
        <Dialog.Content
          aria-describedby={undefined}
          className="panel fixed top-[10vh] left-1/2 z-50 flex max-h-[70vh] w-[calc(100%-1.5rem)] max-w-xl -translate-x-1/2 flex-col overflow-hidden shadow-2xl"
        >
          <Dialog.Title className="sr-only">Find or go to</Dialog.Title>
          <Finder close={() => setOpen(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

const Finder = ({ close }: { readonly close: () => void }) => {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const listId = useId()
  const entries = useEntries(text)
  const shown = useMemo(() => matching(entries, text).slice(0, 50), [entries, text])
  const current = Math.min(at, shown.length - 1)

  useEffect(() => {
    document.getElementById(`${listId}-${current}`)?.scrollIntoView({ block: 'nearest' })
  }, [listId, current])

  const run = (entry: Entry | undefined) => {
    if (!entry) return
    close()
    entry.run()
  }
  return (
    <>
      <div className="flex items-center gap-2 border-b border-line px-3">
        <Icon name="search" className="size-4 text-muted" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={shown.length > 0 ? `${listId}-${current}` : undefined}
          aria-label="Find a study, app or action"
          placeholder="Find a study, app or action"
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setAt(0)
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') setAt(Math.min(current + 1, shown.length - 1))
            else if (event.key === 'ArrowUp') setAt(Math.max(current - 1, 0))
            else if (event.key === 'Enter') run(shown[current])
            else return
            event.preventDefault()
          }}
          className="h-11 w-full bg-transparent text-lg outline-none placeholder:text-muted"
        />
      </div>
      <div id={listId} role="listbox" aria-label="Results" tabIndex={-1} className="overflow-y-auto py-1">
        {shown.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above holds the focus and handles the keys
          <div
            key={entry.id}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onClick={() => run(entry)}
            onPointerMove={() => setAt(index)}
            className="flex items-center gap-3 px-3 py-2 aria-selected:bg-accent-soft"
          >
            <Icon name={entry.icon} className="size-4 text-muted" />
            <span className="min-w-0 flex-1 truncate">{entry.label}</span>
            <span className="label">{entry.note}</span>
          </div>
        ))}
      </div>
      {shown.length === 0 ? <p className="px-3 py-4 text-muted">Nothing has that name.</p> : null}
    </>
  )
}

const useEntries = (text: string): readonly Entry[] => {
  const navigate = useNavigate()
  const { data: studies } = useQuery(studiesQuery)
  const { data: apps } = useQuery(appsQuery)
  const mayStudy = useMay('analyst')
  const entries: Entry[] = sections.map(({ to, label, keys, icon }) => ({
    id: to,
    label,
    note: `Go to · ${keys}`,
    icon,
    run: () => void navigate({ to }),
  }))
  if (mayStudy) {
    entries.push({
      id: 'new',
      label: 'New study',
      note: 'Action · n',
      icon: 'studies',
      run: () => void navigate({ to: '/studies', search: { new: true } }),
    })
  }
  for (const theme of themes) {
    entries.push({
      id: `theme-${theme}`,
      label: `Theme: ${theme}`,
      note: 'Action',
      icon: theme === 'dark' ? 'moon' : theme === 'light' ? 'sun' : 'system',
      run: () => chooseTheme(theme),
    })
  }
  for (const study of studies?.items ?? []) {
    entries.push({
      id: study.id,
      label: study.name,
      note: 'Study',
      icon: 'studies',
      run: () => void navigate({ to: '/studies/$studyId', params: { studyId: study.id } }),
    })
  }
  for (const app of apps ?? []) {
    entries.push({
      id: app.id,
      label: app.name,
      note: 'App',
      icon: 'apps',
      run: () => void navigate({ to: '/apps/$appId', params: { appId: app.id } }),
    })
  }
  if (text.trim() !== '') {
    entries.push({
      id: 'search-findings',
      label: `Findings with “${text.trim()}”`,
      note: 'Search',
      icon: 'findings',
      run: () => void navigate({ to: '/findings', search: { q: text.trim() } }),
    })
  }
  return entries
}
