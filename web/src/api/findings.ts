import { queryOptions } from '@tanstack/react-query'
import type { paths } from './client.gen.ts'
import { answer, client } from './client.ts'
import type { Finding, FindingDetail, TriageState } from './types.ts'

/** What a list of findings can be narrowed and ordered by, as the API takes it: lists are joined by commas. */
export type FindingsQuery = Omit<
  NonNullable<paths['/api/v1/findings']['get']['parameters']['query']>,
  'cursor' | 'limit'
>
type GroupsQuery = paths['/api/v1/findings/groups']['get']['parameters']['query']
export type GroupBy = GroupsQuery['by']
export const groupBys = [
  'rule',
  'model',
  'app',
  'cwe',
  'owasp',
  'severity',
  'analyzer',
  'state',
  'provenance',
  'confidence',
] as const satisfies readonly GroupBy[]

export const findingQuery = (id: string) =>
  queryOptions({
    queryKey: ['findings', 'one', id],
    queryFn: ({ signal }) => answer(client.GET('/api/v1/findings/{id}', { params: { path: { id } }, signal })),
  })

export interface FindingsPage {
  readonly items: readonly Finding[]
  readonly next: string | null
  readonly total?: number
}

/** One page of a list; the scroller keeps the pages, not the query cache. */
export const fetchFindings = (
  query: FindingsQuery,
  cursor: string | null,
  limit: number,
  signal: AbortSignal,
): Promise<FindingsPage> =>
  answer(
    client.GET('/api/v1/findings', { params: { query: { ...query, limit, ...(cursor ? { cursor } : {}) } }, signal }),
  )

export const groupsQuery = (by: GroupBy, { sort: _sort, ...query }: FindingsQuery) =>
  queryOptions({
    queryKey: ['findings', 'groups', by, query],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/findings/groups', { params: { query: { ...query, by } }, signal })),
    staleTime: 10_000,
  })

/** The findings of one study in one file, for the marks of the code view. */
export const fileFindingsQuery = (app: string, path: string, study: string | undefined) =>
  queryOptions({
    queryKey: ['findings', 'file', app, path, study],
    queryFn: ({ signal }) =>
      answer(
        client.GET('/api/v1/findings', {
          params: { query: { app, path, ...(study ? { study } : {}), limit: 500 } },
          signal,
        }),
      ),
    // The API finds parts of paths; here the whole must be equal.
    select: ({ items }) => items.filter(({ location }) => location.kind === 'file' && location.path === path),
    staleTime: 10_000,
  })

export const triage = (id: string, state: TriageState, reason: string): Promise<FindingDetail> =>
  answer(client.POST('/api/v1/findings/{id}/triage', { params: { path: { id } }, body: { state, reason } }))

/** Starts the app and makes the attack of a finding again; a minute at most. */
export const replayFinding = (id: string) =>
  answer(client.POST('/api/v1/findings/{id}/replay', { params: { path: { id } } }))
