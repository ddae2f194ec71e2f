import { z } from 'zod'
import { defineRoute, page, pageQuery, type Route } from '#platform/http'
import type { Audit } from './audit.ts'
import { auditEntrySchema } from './resources.ts'

export function auditRoutes(audit: Audit): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/audit',
      role: 'admin',
      summary: 'List what was done by whom, the newest first',
      tags: ['audit'],
      query: z.object(pageQuery),
      response: page(auditEntrySchema),
      handle: ({ query }, { actor }) => audit.list(actor.workspace.id, query),
    }),
  ]
}
