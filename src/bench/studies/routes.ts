import { z } from 'zod'
import {
  type Download,
  defineDownloadRoute,
  defineEventStream,
  defineRoute,
  type Page,
  type PageRequest,
  page,
  pageQuery,
  type Route,
} from '#platform/http'
import {
  type Analysis,
  analysisSchema,
  type Comparison,
  comparisonSchema,
  type Matrix,
  matrixSchema,
  moreAppsSchema,
  type NewStudy,
  newStudySchema,
  retrySchema,
  type Study,
  studyEventSchemas,
  studySchema,
} from './resources.ts'

export type RetryOutcome = 'error' | 'timed_out' | 'cancelled'
export const exportFormats = ['json', 'csv', 'sarif'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** What the routes ask of the studies room. Every call is limited to one workspace; what is not there throws `NotFound`. */
export interface StudyRouteServices {
  createStudy(workspace: string, author: string, study: NewStudy): Promise<Study>
  listStudies(workspace: string, request: PageRequest): Promise<Page<Study>>
  getStudy(workspace: string, id: string): Promise<Study>
  cancelStudy(workspace: string, id: string): Promise<Study>
  resumeStudy(workspace: string, id: string): Promise<Study>
  retryStudy(workspace: string, id: string, outcomes?: readonly RetryOutcome[]): Promise<Study>
  addApps(workspace: string, id: string, apps: readonly string[]): Promise<Study>
  deleteStudy(workspace: string, id: string): Promise<void>
  matrix(workspace: string, id: string, request: PageRequest): Promise<Matrix>
  comparison(workspace: string, id: string): Promise<Comparison>
  exportStudy(workspace: string, id: string, format: ExportFormat, signal: AbortSignal): Promise<Download>
  getAnalysis(workspace: string, id: string): Promise<Analysis>
  getArtifact(workspace: string, id: string, name: string): Promise<Download>
}

const tags = ['studies'] as const
const params = z.object({ id: z.uuid() })

export function studyRoutes(studies: StudyRouteServices): Route[] {
  return [
    ...collectionRoutes(studies),
    ...actionRoutes(studies),
    ...resultRoutes(studies),
    defineRoute({
      method: 'GET',
      path: '/analyses/{id}',
      role: 'viewer',
      summary: 'Show one run of one analyzer on one app',
      tags: ['analyses'],
      params,
      response: analysisSchema,
      handle: (input, { actor }) => studies.getAnalysis(actor.workspace.id, input.params.id),
    }),
    defineDownloadRoute({
      method: 'GET',
      path: '/analyses/{id}/artifacts/{name}',
      role: 'viewer',
      summary: 'Show something an analysis kept: a screenshot, a log',
      tags: ['analyses'],
      params: z.object({ id: z.uuid(), name: z.string().max(100) }),
      produces: [
        'application/octet-stream',
        'application/json',
        'image/png',
        'image/jpeg',
        'image/svg+xml',
        'text/plain',
      ],
      handle: (input, { actor }) => studies.getArtifact(actor.workspace.id, input.params.id, input.params.name),
    }),
  ]
}

function collectionRoutes(studies: StudyRouteServices): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/studies',
      role: 'analyst',
      summary: 'Plan a study and start it',
      audit: 'study.create',
      tags,
      body: newStudySchema,
      response: studySchema,
      status: 201,
      handle: ({ body }, { actor }) => studies.createStudy(actor.workspace.id, actor.user.name, body),
    }),
    defineRoute({
      method: 'GET',
      path: '/studies',
      role: 'viewer',
      summary: 'List studies, the newest first',
      tags,
      query: z.object(pageQuery),
      response: page(studySchema),
      handle: ({ query }, { actor }) => studies.listStudies(actor.workspace.id, query),
    }),
    defineRoute({
      method: 'GET',
      path: '/studies/{id}',
      role: 'viewer',
      summary: 'Show a study with its progress',
      tags,
      params,
      response: studySchema,
      handle: (input, { actor }) => studies.getStudy(actor.workspace.id, input.params.id),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/studies/{id}',
      role: 'admin',
      summary: 'Delete a study with its analyses and findings',
      audit: 'study.delete',
      tags,
      params,
      response: z.void(),
      status: 204,
      handle: (input, { actor }) => studies.deleteStudy(actor.workspace.id, input.params.id),
    }),
  ]
}

function actionRoutes(studies: StudyRouteServices): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/studies/{id}/cancel',
      role: 'analyst',
      summary: 'Stop a study; what is finished stays',
      audit: 'study.cancel',
      tags,
      params,
      response: studySchema,
      handle: (input, { actor }) => studies.cancelStudy(actor.workspace.id, input.params.id),
    }),
    defineRoute({
      method: 'POST',
      path: '/studies/{id}/resume',
      role: 'analyst',
      summary: 'Go on with a cancelled study',
      audit: 'study.resume',
      tags,
      params,
      response: studySchema,
      handle: (input, { actor }) => studies.resumeStudy(actor.workspace.id, input.params.id),
    }),
    defineRoute({
      method: 'POST',
      path: '/studies/{id}/retry',
      role: 'analyst',
      summary: 'Run again what ended without a result',
      audit: 'study.retry',
      tags,
      params,
      body: retrySchema.optional(),
      response: studySchema,
      handle: (input, { actor }) => studies.retryStudy(actor.workspace.id, input.params.id, input.body?.outcomes),
    }),
    defineRoute({
      method: 'POST',
      path: '/studies/{id}/apps',
      role: 'analyst',
      summary: 'Add apps to a study',
      audit: 'study.add-apps',
      tags,
      params,
      body: moreAppsSchema,
      response: studySchema,
      handle: (input, { actor }) => studies.addApps(actor.workspace.id, input.params.id, input.body.apps),
    }),
  ]
}

function resultRoutes(studies: StudyRouteServices): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/studies/{id}/matrix',
      role: 'viewer',
      summary: 'Show a study as apps by analyzers',
      tags,
      params,
      query: z.object({ cursor: pageQuery.cursor, limit: z.coerce.number().int().min(1).max(500).default(500) }),
      response: matrixSchema,
      handle: (input, { actor }) => studies.matrix(actor.workspace.id, input.params.id, input.query),
    }),
    defineRoute({
      method: 'GET',
      path: '/studies/{id}/comparison',
      role: 'viewer',
      summary: 'Compare the models of a study',
      tags,
      params,
      response: comparisonSchema,
      handle: (input, { actor }) => studies.comparison(actor.workspace.id, input.params.id),
    }),
    defineDownloadRoute({
      method: 'GET',
      path: '/studies/{id}/export',
      role: 'viewer',
      summary: 'Download a study',
      tags,
      params,
      query: z.object({ format: z.enum(exportFormats).default('json') }),
      produces: ['application/json', 'text/csv', 'application/sarif+json'],
      handle: (input, { actor, signal }) =>
        studies.exportStudy(actor.workspace.id, input.params.id, input.query.format, signal),
    }),
    defineEventStream({
      method: 'GET',
      path: '/studies/{id}/events',
      role: 'viewer',
      summary: 'Follow a study while it runs',
      tags,
      params,
      events: studyEventSchemas,
      async handle(input, { actor }) {
        const { id } = await studies.getStudy(actor.workspace.id, input.params.id)
        return {
          room: `study:${id}`,
          async opening() {
            const { state, progress } = await studies.getStudy(actor.workspace.id, id)
            return [
              { event: 'study', data: { state } },
              { event: 'progress', data: progress },
            ]
          },
        }
      },
    }),
  ]
}
