import { queryOptions } from '@tanstack/react-query'
import { answer, client } from './client.ts'
import type { Matrix, MatrixRow, NewStudy, Outcome, Study } from './types.ts'

const byId = (id: string) => ({ path: { id } })

export const studiesQuery = queryOptions({
  queryKey: ['studies'],
  queryFn: ({ signal }) => answer(client.GET('/api/v1/studies', { params: { query: { limit: 500 } }, signal })),
  refetchInterval: ({ state }) => (state.data?.items.some(isLive) ? 2_000 : 30_000),
})

export const studyQuery = (id: string) =>
  queryOptions({
    queryKey: ['studies', id],
    queryFn: ({ signal }) => answer(client.GET('/api/v1/studies/{id}', { params: byId(id), signal })),
    // Events carry the changes; this only heals what a lost connection missed.
    refetchInterval: ({ state }) => (state.data && isLive(state.data) ? 15_000 : false),
  })

export const isLive = (study: Study): boolean => study.state === 'queued' || study.state === 'running'

/** The whole matrix, all pages: a study of 2,000 apps is 4 requests. */
export const matrixQuery = (id: string) =>
  queryOptions({
    queryKey: ['studies', id, 'matrix'],
    queryFn: async ({ signal }): Promise<Matrix> => {
      const page = (cursor?: string): Promise<Matrix> =>
        answer(
          client.GET('/api/v1/studies/{id}/matrix', {
            params: { ...byId(id), query: { limit: 500, ...(cursor ? { cursor } : {}) } },
            signal,
          }),
        )
      const first = await page()
      const rows: MatrixRow[] = [...first.rows]
      for (let next = first.next; next !== null; ) {
        const more = await page(next)
        rows.push(...more.rows)
        next = more.next
      }
      return { ...first, rows, next: null }
    },
  })

export const comparisonQuery = (id: string) =>
  queryOptions({
    queryKey: ['studies', id, 'comparison'],
    queryFn: ({ signal }) => answer(client.GET('/api/v1/studies/{id}/comparison', { params: byId(id), signal })),
    staleTime: 10_000,
  })

export const analysisQuery = (id: string) =>
  queryOptions({
    queryKey: ['analyses', id],
    queryFn: ({ signal }) => answer(client.GET('/api/v1/analyses/{id}', { params: byId(id), signal })),
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'finished' ? 2_000 : false),
  })

export const createStudy = (body: NewStudy): Promise<Study> => answer(client.POST('/api/v1/studies', { body }))

export const cancelStudy = (id: string): Promise<Study> =>
  answer(client.POST('/api/v1/studies/{id}/cancel', { params: byId(id) }))
export const resumeStudy = (id: string): Promise<Study> =>
  answer(client.POST('/api/v1/studies/{id}/resume', { params: byId(id) }))

/** Runs the analyses again that ended in one of these outcomes. */
export const retryStudy = (id: string, outcomes: Exclude<Outcome, 'completed' | 'not_applicable'>[]): Promise<Study> =>
  answer(client.POST('/api/v1/studies/{id}/retry', { params: byId(id), body: { outcomes } }))

export const deleteStudy = async (id: string): Promise<void> => {
  await answer(client.DELETE('/api/v1/studies/{id}', { params: byId(id) }))
}

export const exportFormats = ['json', 'csv', 'sarif'] as const
export const exportUrl = (id: string, format: (typeof exportFormats)[number]): string =>
  `/api/v1/studies/${encodeURIComponent(id)}/export?format=${format}`
