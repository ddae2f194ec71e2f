import { z } from 'zod'
import { defineRoute, type MemberContext, page, pageQuery, type Route } from '#platform/http'
import type { Identity } from './identity.ts'
import {
  issuedKeySchema,
  keySchema,
  memberSchema,
  newKeySchema,
  newMemberSchema,
  roleSchema,
  sessionSchema,
} from './resources.ts'

const params = z.object({ id: z.uuid() })

export function identityRoutes(identity: Identity): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/session',
      role: 'viewer',
      summary: 'Show who is asking',
      tags: ['session'],
      response: sessionSchema,
      handle: (_, { actor }) => ({
        user: actor.user,
        workspace: actor.workspace,
        role: actor.role,
        mode: identity.mode,
      }),
    }),
    ...memberRoutes(identity),
    ...keyRoutes(identity),
  ]
}

function memberRoutes({ members }: Identity): Route[] {
  const tags = ['members'] as const
  return [
    defineRoute({
      method: 'GET',
      path: '/members',
      role: 'viewer',
      summary: 'List the members of the workspace',
      tags,
      query: z.object(pageQuery),
      response: page(memberSchema),
      handle: ({ query }, { actor }) => members.list(actor.workspace.id, query),
    }),
    defineRoute({
      method: 'POST',
      path: '/members',
      role: 'admin',
      summary: 'Add a member',
      tags,
      body: newMemberSchema,
      response: memberSchema,
      status: 201,
      handle: ({ body }, context) => members.add(context.actor.workspace.id, body, author(context)),
    }),
    defineRoute({
      method: 'PATCH',
      path: '/members/{id}',
      role: 'admin',
      summary: 'Change the role of a member',
      tags,
      params,
      body: z.object({ role: roleSchema }),
      response: memberSchema,
      handle: (input, context) =>
        members.changeRole(context.actor.workspace.id, input.params.id, input.body.role, author(context)),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/members/{id}',
      role: 'admin',
      summary: 'Remove a member, with sessions and keys',
      tags,
      params,
      response: z.void(),
      status: 204,
      handle: (input, context) => members.remove(context.actor.workspace.id, input.params.id, author(context)),
    }),
  ]
}

function keyRoutes({ keys }: Identity): Route[] {
  const tags = ['keys'] as const
  return [
    defineRoute({
      method: 'GET',
      path: '/keys',
      role: 'admin',
      summary: 'List API keys',
      tags,
      query: z.object(pageQuery),
      response: page(keySchema),
      handle: ({ query }, { actor }) => keys.list(actor.workspace.id, query),
    }),
    defineRoute({
      method: 'POST',
      path: '/keys',
      role: 'admin',
      summary: 'Issue an API key',
      tags,
      body: newKeySchema,
      response: issuedKeySchema,
      status: 201,
      handle: ({ body }, context) => keys.issue(context.actor, body, author(context)),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/keys/{id}',
      role: 'admin',
      summary: 'Revoke an API key',
      tags,
      params,
      response: z.void(),
      status: 204,
      handle: (input, context) => keys.revoke(context.actor.workspace.id, input.params.id, author(context)),
    }),
  ]
}

function author({ actor, address }: MemberContext): { readonly name: string; readonly address: string } {
  return { name: actor.via === 'key' ? `${actor.user.email} (by key)` : actor.user.email, address }
}
