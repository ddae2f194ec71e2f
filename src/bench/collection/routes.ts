import { z } from 'zod'
import {
  defineRoute,
  defineUploadRoute,
  type Page,
  type PageRequest,
  page,
  pageQuery,
  type Route,
  type Upload,
} from '#platform/http'
import {
  type App,
  type AppContent,
  type AppDetail,
  type AppFile,
  appContentSchema,
  appDetailSchema,
  appFileSchema,
  appSchema,
  type ImportRequest,
  type ImportResult,
  importRequestSchema,
  importResultSchema,
} from './resources.ts'

export interface AppFilter {
  readonly q?: string | undefined
  readonly model?: string | undefined
  readonly spec?: string | undefined
}

/** What the routes ask of the apps room. Every call is limited to one workspace; what is not there throws `NotFound`. */
export interface AppRouteServices {
  importApps(workspace: string, request: ImportRequest, signal: AbortSignal): Promise<ImportResult>
  /** An archive sent by the client; `name` is what it was called there. */
  importUpload(workspace: string, upload: Upload, name: string, signal: AbortSignal): Promise<ImportResult>
  listApps(workspace: string, filter: AppFilter, request: PageRequest): Promise<Page<App>>
  getApp(workspace: string, id: string): Promise<AppDetail>
  listFiles(workspace: string, id: string): Promise<readonly AppFile[]>
  readContent(workspace: string, id: string, path: string): Promise<AppContent>
}

/** The most bytes of an uploaded archive. */
const maximumArchive = 512 * 1024 * 1024
const tags = ['apps'] as const
const one = z.object({ id: z.uuid() })
const filterText = z.string().min(1).max(200).optional()

export function appRoutes(apps: AppRouteServices): Route[] {
  return [
    defineUploadRoute({
      method: 'POST',
      path: '/apps/import',
      role: 'analyst',
      summary: 'Import apps from a folder or a git repository, or send an archive',
      audit: 'app.import',
      tags,
      query: z.object({
        name: z.string().min(1).max(200).default('upload').describe('What an uploaded archive is called.'),
      }),
      body: importRequestSchema,
      uploads: { types: ['application/zip', 'application/gzip', 'application/x-tar'], maximumBytes: maximumArchive },
      response: importResultSchema,
      handle: ({ body, query }, { actor, signal }) =>
        body.kind === 'upload'
          ? apps.importUpload(actor.workspace.id, body, query.name, signal)
          : apps.importApps(actor.workspace.id, body.value, signal),
    }),
    defineRoute({
      method: 'GET',
      path: '/apps',
      role: 'viewer',
      summary: 'List apps',
      tags,
      query: z.object({
        ...pageQuery,
        q: filterText.describe('Part of the name.'),
        model: filterText,
        spec: filterText,
      }),
      response: page(appSchema),
      handle: ({ query: { cursor, limit, ...filter } }, { actor }) =>
        apps.listApps(actor.workspace.id, filter, { cursor, limit }),
    }),
    defineRoute({
      method: 'GET',
      path: '/apps/{id}',
      role: 'viewer',
      summary: 'Show an app',
      tags,
      params: one,
      response: appDetailSchema,
      handle: ({ params }, { actor }) => apps.getApp(actor.workspace.id, params.id),
    }),
    defineRoute({
      method: 'GET',
      path: '/apps/{id}/files',
      role: 'viewer',
      summary: 'List the files of an app',
      tags,
      params: one,
      response: z.object({ items: z.array(appFileSchema).readonly() }),
      handle: async ({ params }, { actor }) => ({ items: await apps.listFiles(actor.workspace.id, params.id) }),
    }),
    defineRoute({
      method: 'GET',
      path: '/apps/{id}/content',
      role: 'viewer',
      summary: 'Read one file of an app',
      tags,
      params: one,
      query: z.object({ path: z.string().min(1).max(4096) }),
      response: appContentSchema,
      handle: ({ params, query }, { actor }) => apps.readContent(actor.workspace.id, params.id, query.path),
    }),
  ]
}
