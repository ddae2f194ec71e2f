import { queryOptions } from '@tanstack/react-query'
import { answer, client } from './client.ts'
import type { IssuedKey, Member, NewKey, NewMember, Role } from './types.ts'

const all = { params: { query: { limit: 500 } } } as const
const byId = (id: string) => ({ params: { path: { id } } })

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: ({ signal }) => answer(client.GET('/api/v1/members', { ...all, signal })),
})
export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: ({ signal }) => answer(client.GET('/api/v1/keys', { ...all, signal })),
})
export const auditQuery = queryOptions({
  queryKey: ['audit'],
  queryFn: ({ signal }) => answer(client.GET('/api/v1/audit', { ...all, signal })),
})

export const addMember = (body: NewMember): Promise<Member> => answer(client.POST('/api/v1/members', { body }))
export const changeRole = (id: string, role: Role): Promise<Member> =>
  answer(client.PATCH('/api/v1/members/{id}', { ...byId(id), body: { role } }))
export const removeMember = async (id: string): Promise<void> => {
  await answer(client.DELETE('/api/v1/members/{id}', byId(id)))
}

export const createKey = (body: NewKey): Promise<IssuedKey> => answer(client.POST('/api/v1/keys', { body }))
export const revokeKey = async (id: string): Promise<void> => {
  await answer(client.DELETE('/api/v1/keys/{id}', byId(id)))
}
