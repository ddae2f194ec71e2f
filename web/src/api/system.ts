import { queryOptions } from '@tanstack/react-query'
import { answer, client } from './client.ts'

export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: ({ signal }) => answer(client.GET('/api/v1/system', { signal })),
  refetchInterval: 5_000,
})

export const analyzersQuery = queryOptions({
  queryKey: ['analyzers'],
  queryFn: ({ signal }) => answer(client.GET('/api/v1/analyzers', { signal })),
  staleTime: 60_000,
})
