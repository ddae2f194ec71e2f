import { z } from 'zod'
import { languages } from '#bench/apps'

/** An app as the API shows it in lists and matrix rows. */
export const appSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    model: z.string().nullable().describe('Who wrote it, where known.'),
    spec: z.string().nullable().describe('What it was asked to be, where known.'),
    sample: z.int().nullable(),
    snapshot: z.string().describe('Digest of its content: `sha256:…`.'),
    files: z.int().min(0),
    bytes: z.int().min(0),
    lines: z.int().min(0),
    stack: z.array(z.string()).describe('Frameworks detected: `flask`, `react`, …'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'App' })
export type App = z.infer<typeof appSchema>

/** One app opened: what it is made of and where it was studied. */
export const appDetailSchema = appSchema
  .extend({
    components: z.array(
      z.object({
        path: z.string().describe("Folder relative to the app, `''` for the app itself."),
        role: z.enum(['backend', 'frontend', 'fullstack', 'library', 'static']),
        framework: z.string(),
        language: z.string(),
        evidence: z.string().describe('The file the detection rests on.'),
      }),
    ),
    excluded: z.array(z.object({ path: z.string(), reason: z.string() })),
    languages: z.record(z.string(), z.object({ files: z.int().min(0), lines: z.int().min(0) })),
    routes: z.array(z.object({ method: z.string(), path: z.string(), file: z.string(), line: z.int().min(1) })),
    calls: z.array(z.object({ method: z.string(), url: z.string(), file: z.string(), line: z.int().min(1) })),
    studies: z.array(z.object({ id: z.uuid(), name: z.string() })),
  })
  .meta({ id: 'AppDetail' })
export type AppDetail = z.infer<typeof appDetailSchema>

export const appFileSchema = z
  .object({
    path: z.string(),
    size: z.int().min(0),
    kind: z.enum(['text', 'binary']),
    language: z.enum(languages).nullable(),
    role: z.enum(['source', 'test', 'config', 'template', 'documentation', 'lock', 'generated', 'vendored', 'asset']),
    lines: z.int().min(0),
  })
  .meta({ id: 'AppFile' })
export type AppFile = z.infer<typeof appFileSchema>

export const appContentSchema = z
  .object({
    path: z.string(),
    language: z.enum(languages).nullable(),
    text: z.string(),
    lines: z.int().min(0).describe('Of the whole file.'),
    truncated: z.boolean().describe('Whether `text` ends before the file does.'),
  })
  .meta({ id: 'AppContent' })
export type AppContent = z.infer<typeof appContentSchema>

export const importSourceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('path'),
    path: z.string().min(1).max(4096).describe('A folder or archive on the server.'),
  }),
  z.object({ kind: z.literal('git'), url: z.string().min(1).max(2048), ref: z.string().min(1).max(256).optional() }),
])

export const importRequestSchema = z
  .object({
    source: importSourceSchema,
    manifest: z.string().max(1_000_000).optional().describe('YAML that says which folder is which app.'),
    scaffold: z.string().max(4096).optional().describe('A folder on the server with the code every model was given.'),
  })
  .meta({ id: 'ImportRequest' })
export type ImportRequest = z.infer<typeof importRequestSchema>

export const importResultSchema = z
  .object({
    apps: z.array(appSchema),
    skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
  })
  .meta({ id: 'ImportResult' })
export type ImportResult = z.infer<typeof importResultSchema>
