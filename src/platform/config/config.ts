import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { InvalidInput, messageOf } from '#platform/errors'
import { Secret } from './secret.ts'

const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value))
const flag = z.union([z.boolean(), z.stringbool()])
const count = (from: number, to: number) =>
  z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], 'must be a whole number')
    .pipe(z.number().int().min(from).max(to))

const settingsSchema = z.strictObject({
  dataDirectory: z.string().min(1).default('.assay'),
  databaseUrl: secret.optional(),
  blobsUrl: secret.optional(),
  host: z.string().min(1).default('127.0.0.1'),
  port: count(0, 65_535).default(7420),
  secret: z
    .string()
    .min(32, 'must have at least 32 characters (try: openssl rand -base64 32)')
    .transform((value) => new Secret(value))
    .optional(),
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  adminEmail: z.email().optional(),
  adminPassword: z
    .string()
    .min(12, 'must have at least 12 characters')
    .transform((value) => new Secret(value))
    .optional(),
  workers: count(0, 64).default(Math.max(1, availableParallelism())),
  offline: flag.default(false),
  /** Where code of apps runs: `process` is bubblewrap, `docker` what the Docker API offers, `auto` the first that works. */
  runner: z.enum(['auto', 'process', 'docker']).default('auto'),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  npmRegistry: z.url({ protocol: /^https?$/ }).optional(),
  pypiRegistry: z.url({ protocol: /^https?$/ }).optional(),
  osvDirectory: z.string().min(1).optional(),
  analyzers: z
    .strictObject({
      /** Ids of the analyzers used when none are named. */
      enabled: z.array(z.string()).optional(),
      /** Options by analyzer id. */
      options: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
    })
    .default({ options: {} }),
  /** Models of a team's own libraries for the data-flow analyzer, which checks their fields. */
  dataflow: z
    .strictObject({
      python: z.array(z.record(z.string(), z.unknown())).optional(),
      javascript: z.array(z.record(z.string(), z.unknown())).optional(),
    })
    .optional(),
})

/** Settings in force: environment over `assay.config.ts` over defaults. Paths are absolute. */
export type Config = Readonly<z.output<typeof settingsSchema>>

/** What `assay.config.ts` may export as default. */
export type ConfigFile = z.input<typeof settingsSchema>

/** Which environment variable sets which setting. */
export const environmentVariables: Readonly<Record<string, Exclude<keyof Config, 'analyzers' | 'dataflow'>>> = {
  ASSAY_DATA_DIR: 'dataDirectory',
  DATABASE_URL: 'databaseUrl',
  BLOBS_URL: 'blobsUrl',
  HOST: 'host',
  PORT: 'port',
  ASSAY_SECRET: 'secret',
  ASSAY_PUBLIC_URL: 'publicUrl',
  ASSAY_ADMIN_EMAIL: 'adminEmail',
  ASSAY_ADMIN_PASSWORD: 'adminPassword',
  ASSAY_WORKERS: 'workers',
  ASSAY_OFFLINE: 'offline',
  ASSAY_RUNNER: 'runner',
  ASSAY_LOG_LEVEL: 'logLevel',
  ASSAY_NPM_REGISTRY: 'npmRegistry',
  ASSAY_PYPI_REGISTRY: 'pypiRegistry',
  ASSAY_OSV_DIR: 'osvDirectory',
}

/** The identity function that gives `assay.config.ts` its types. */
export function defineConfig(config: ConfigFile): ConfigFile {
  return config
}

export interface ConfigSource {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingDirectory: string
  /** Settings given on the command line; they outrank everything. */
  readonly overrides?: Partial<ConfigFile>
  /** A configuration file; by default `assay.config.ts` of the working directory, when there is one. */
  readonly file?: string
}

/**
 * Reads and validates the configuration.
 * @throws InvalidInput naming every wrong setting, where it was set, and what is expected
 */
export async function loadConfig(source: ConfigSource): Promise<Config> {
  return (await traceConfig(source)).config
}

/** The configuration, and where each setting that is not a default came from: by name, in words. */
export async function traceConfig(
  source: ConfigSource,
): Promise<{ readonly config: Config; readonly origins: ReadonlyMap<string, string> }> {
  const path = source.file
    ? resolve(source.workingDirectory, source.file)
    : join(source.workingDirectory, 'assay.config.ts')
  const fromFile = existsSync(path) ? await readConfigFile(path) : {}
  if (source.file && !existsSync(path))
    throw new InvalidInput(`There is no configuration file ${path}.`, { next: 'Check --config.' })
  const origin = new Map<string, string>(Object.keys(fromFile).map((key) => [key, path]))
  const merged: Record<string, unknown> = { ...fromFile }
  for (const [variable, key] of Object.entries(environmentVariables)) {
    const value = source.environment[variable]
    if (value === undefined || value === '') continue
    merged[key] = value
    origin.set(key, `environment variable ${variable}`)
  }
  for (const [key, value] of Object.entries(source.overrides ?? {})) {
    if (value === undefined) continue
    merged[key] = value
    origin.set(key, 'command line')
  }
  const parsed = settingsSchema.safeParse(merged)
  if (!parsed.success)
    throw new InvalidInput(describeIssues(parsed.error, origin, path), {
      next: "Correct it; 'assay config' prints the settings in force.",
    })
  const { dataDirectory, osvDirectory } = parsed.data
  const config = Object.freeze({
    ...parsed.data,
    dataDirectory: resolve(source.workingDirectory, dataDirectory),
    ...(osvDirectory && { osvDirectory: resolve(source.workingDirectory, osvDirectory) }),
  })
  return { config, origins: origin }
}

async function readConfigFile(path: string): Promise<Record<string, unknown>> {
  let module: { default?: unknown }
  try {
    module = await import(pathToFileURL(path).href)
  } catch (error) {
    throw new InvalidInput(`Cannot load ${path}: ${messageOf(error)}`, { next: 'Correct the file.', cause: error })
  }
  const content = module.default
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new InvalidInput(`${path} has no default export that is an object.`, { next: 'Write: export default { … }' })
  }
  return { ...content }
}

function describeIssues(error: z.ZodError, origin: ReadonlyMap<string, string>, file: string): string {
  const lines = error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys')
      return `unknown setting ${issue.keys.map((key) => [...issue.path, key].join('.')).join(', ')} (${file})`
    return `${issue.path.join('.')}: ${issue.message} (${origin.get(String(issue.path[0])) ?? file})`
  })
  return `The configuration is not valid: ${lines.join('; ')}.`
}
