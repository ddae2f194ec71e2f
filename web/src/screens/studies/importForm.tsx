import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ToggleGroup } from 'radix-ui'
import { useRef, useState } from 'react'
import { type ImportSource, importApps } from '../../api/apps.ts'
import type { App } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { Field, TextField } from '../../components/field.tsx'
import { ActionProblem } from '../../components/notices.tsx'
import { bytes, plural } from '../../lib/format.ts'

const kinds = [
  { kind: 'path', label: 'Folder on the server' },
  { kind: 'git', label: 'Git address' },
  { kind: 'upload', label: 'Upload' },
] as const
type Kind = (typeof kinds)[number]['kind']

/** Brings apps in from a folder, a repository or an archive. */
export const ImportForm = ({ onImported }: { readonly onImported: (apps: readonly App[]) => void }) => {
  const client = useQueryClient()
  const [kind, setKind] = useState<Kind>('path')
  const [place, setPlace] = useState('')
  const [ref, setRef] = useState('')
  const [file, setFile] = useState<File>()
  const stop = useRef<AbortController>(undefined)
  const bring = useMutation({
    mutationFn: (source: ImportSource) => {
      stop.current = new AbortController()
      return importApps(source, stop.current.signal)
    },
    onSuccess: (imported) => {
      void client.invalidateQueries({ queryKey: ['apps'] })
      onImported(imported.apps)
    },
  })
  const source = sourceOf(kind, place, ref, file)
  const cancelled = bring.error instanceof DOMException && bring.error.name === 'AbortError'

  return (
    <section className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <h3>Bring apps in</h3>
        <ToggleGroup.Root
          type="single"
          value={kind}
          onValueChange={(value) => {
            const chosen = kinds.find((candidate) => candidate.kind === value)
            if (chosen) setKind(chosen.kind)
          }}
          aria-label="Where the apps are"
          className="inline-flex rounded border border-edge"
        >
          {kinds.map((entry) => (
            <ToggleGroup.Item
              key={entry.kind}
              value={entry.kind}
              className="px-2.5 py-1 text-sm first:rounded-l last:rounded-r data-[state=on]:bg-accent-soft data-[state=on]:text-accent"
            >
              {entry.label}
            </ToggleGroup.Item>
          ))}
        </ToggleGroup.Root>
      </div>
      <form
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (source) bring.mutate(source)
        }}
      >
        <div className="min-w-52 flex-1">
          {kind === 'path' ? (
            <TextField
              label="Folder"
              placeholder="/home/me/generated"
              value={place}
              onChange={setPlace}
              hint="Layouts understood: {model}/app{n}, one app per folder, or one app."
            />
          ) : kind === 'git' ? (
            <TextField label="Address" placeholder="https://github.com/owner/name" value={place} onChange={setPlace} />
          ) : (
            <Field label="Archive" hint={file ? bytes(file.size) : 'zip, tar or tar.gz'}>
              {(ids) => (
                <input
                  {...ids}
                  type="file"
                  accept=".zip,.tar,.tgz,.tar.gz"
                  onChange={(event) => setFile(event.target.files?.[0])}
                  className="w-full text-base file:mr-3 file:h-8 file:rounded file:border file:border-edge file:bg-surface file:px-3"
                />
              )}
            </Field>
          )}
        </div>
        {kind === 'git' ? (
          <TextField label="Branch or tag" placeholder="default" value={ref} onChange={setRef} />
        ) : null}
        <div className={kind === 'git' ? '' : 'mb-6'}>
          {bring.isPending ? (
            <Button onClick={() => stop.current?.abort()}>Stop importing</Button>
          ) : (
            <Button type="submit" disabled={!source}>
              Import
            </Button>
          )}
        </div>
      </form>
      <div role="status">
        {bring.isPending ? <p className="text-muted">Reading the apps…</p> : null}
        {cancelled ? <p className="text-muted">Stopped; nothing was imported.</p> : null}
        {bring.data ? (
          <p>
            {plural(bring.data.apps.length, 'app')} imported and chosen.
            {bring.data.skipped.length > 0 ? ` ${plural(bring.data.skipped.length, 'folder')} left out:` : ''}
          </p>
        ) : null}
      </div>
      {bring.data && bring.data.skipped.length > 0 ? (
        <ul className="max-h-24 overflow-y-auto text-sm text-muted">
          {bring.data.skipped.map((skipped) => (
            <li key={skipped.path}>
              <code className="mono">{skipped.path}</code>: {skipped.reason}
            </li>
          ))}
        </ul>
      ) : null}
      {cancelled ? null : <ActionProblem error={bring.error} />}
    </section>
  )
}

const sourceOf = (kind: Kind, place: string, ref: string, file: File | undefined): ImportSource | undefined => {
  const where = place.trim()
  if (kind === 'upload') return file ? { kind, file } : undefined
  if (where === '') return undefined
  if (kind === 'path') return { kind, path: where }
  return { kind, url: where, ...(ref.trim() === '' ? {} : { ref: ref.trim() }) }
}
