import { queryOptions } from '@tanstack/react-query'
import { answer, client } from './client.ts'
import type { App, ImportResult } from './types.ts'

const byId = (id: string) => ({ path: { id } })

/** Every app of the workspace, all pages. */
export const appsQuery = queryOptions({
  queryKey: ['apps'],
  queryFn: async ({ signal }): Promise<readonly App[]> => {
    const page = (cursor?: string) =>
      answer(client.GET('/api/v1/apps', { params: { query: { limit: 500, ...(cursor ? { cursor } : {}) } }, signal }))
    const first = await page()
    const apps = [...first.items]
    for (let next = first.next; next !== null; ) {
      const more = await page(next)
      apps.push(...more.items)
      next = more.next
    }
    return apps
  },
})

export const appQuery = (id: string) =>
  queryOptions({
    queryKey: ['apps', id],
    queryFn: ({ signal }) => answer(client.GET('/api/v1/apps/{id}', { params: byId(id), signal })),
  })

export const filesQuery = (id: string) =>
  queryOptions({
    queryKey: ['apps', id, 'files'],
    queryFn: ({ signal }) => answer(client.GET('/api/v1/apps/{id}/files', { params: byId(id), signal })),
    // A snapshot never changes.
    staleTime: Number.POSITIVE_INFINITY,
  })

export const contentQuery = (id: string, path: string) =>
  queryOptions({
    queryKey: ['apps', id, 'content', path],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/apps/{id}/content', { params: { ...byId(id), query: { path } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  })

export type ImportSource =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'git'; readonly url: string; readonly ref?: string }
  | { readonly kind: 'upload'; readonly file: File }

export const importApps = (source: ImportSource, signal: AbortSignal): Promise<ImportResult> => {
  if (source.kind !== 'upload') return answer(client.POST('/api/v1/apps/import', { body: { source }, signal }))
  const { file } = source
  return answer(
    client.POST('/api/v1/apps/import', {
      params: { query: { name: file.name.replace(/\.(zip|tgz|tar\.gz|tar)$/, '') } },
      headers: { 'content-type': archiveType(file.name) },
      body: file,
      bodySerializer: (body) => body,
      signal,
    }),
  )
}

/** Browsers disagree on the media type of archives; the suffix does not. */
const archiveType = (name: string): string => {
  if (name.endsWith('.zip')) return 'application/zip'
  return name.endsWith('.tar') ? 'application/x-tar' : 'application/gzip'
}
