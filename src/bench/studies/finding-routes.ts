import { z } from 'zod'
import { defineRoute, type Page, page, type Route } from '#platform/http'
import {
  type FindingDetail,
  type FindingGroups,
  type FindingGroupsQuery,
  type FindingItem,
  type FindingsQuery,
  findingDetailSchema,
  findingGroupsQuerySchema,
  findingGroupsSchema,
  findingItemSchema,
  findingsQuerySchema,
  type Replay,
  replaySchema,
  type Triage,
  triageSchema,
} from './finding-resources.ts'

/** What the routes ask of the findings kept. Every call is limited to one workspace; what is not there throws `NotFound`. */
export interface FindingRouteServices {
  listFindings(workspace: string, query: FindingsQuery): Promise<Page<FindingItem>>
  groupFindings(workspace: string, query: FindingGroupsQuery): Promise<FindingGroups>
  getFinding(workspace: string, id: string): Promise<FindingDetail>
  replayFinding(workspace: string, id: string, signal: AbortSignal): Promise<Replay>
  triageFinding(workspace: string, author: string, id: string, triage: Triage): Promise<FindingDetail>
}

const tags = ['findings'] as const
const params = z.object({ id: z.uuid() })

export function findingRoutes(findings: FindingRouteServices): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/findings',
      role: 'viewer',
      summary: 'List findings, filtered and sorted',
      tags,
      query: findingsQuerySchema,
      response: page(findingItemSchema),
      handle: ({ query }, { actor }) => findings.listFindings(actor.workspace.id, query),
    }),
    defineRoute({
      method: 'GET',
      path: '/findings/groups',
      role: 'viewer',
      summary: 'Count findings by rule, model, app, weakness or another property',
      tags,
      query: findingGroupsQuerySchema,
      response: findingGroupsSchema,
      handle: ({ query }, { actor }) => findings.groupFindings(actor.workspace.id, query),
    }),
    defineRoute({
      method: 'GET',
      path: '/findings/{id}',
      role: 'viewer',
      summary: 'Show a finding with its evidence, code and history',
      tags,
      params,
      response: findingDetailSchema,
      handle: (input, { actor }) => findings.getFinding(actor.workspace.id, input.params.id),
    }),
    defineRoute({
      method: 'POST',
      path: '/findings/{id}/replay',
      role: 'analyst',
      summary: 'Make the attack that proved a finding again',
      audit: 'finding.replay',
      tags,
      params,
      response: replaySchema,
      handle: (input, { actor, signal }) => findings.replayFinding(actor.workspace.id, input.params.id, signal),
    }),
    defineRoute({
      method: 'POST',
      path: '/findings/{id}/triage',
      role: 'analyst',
      summary: 'Decide about a finding',
      audit: 'finding.triage',
      tags,
      params,
      body: triageSchema,
      response: findingDetailSchema,
      handle: (input, { actor }) =>
        findings.triageFinding(actor.workspace.id, actor.user.name, input.params.id, input.body),
    }),
  ]
}
