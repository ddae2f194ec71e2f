import { basename, dirname } from 'node:path/posix'
import { type AppSnapshot, readText, type SnapshotFile } from '#bench/apps'
import { type Ecosystem, type Manifest, type ManifestFormat, ManifestSyntaxError } from './manifest.ts'

/** Reads one file. `texts` are those of the files it may include. */
type Parser = (
  path: string,
  folder: string,
  text: string,
  digest: string,
  texts: ReadonlyMap<string, string>,
) => Manifest | undefined | Promise<Manifest | undefined>

interface Format {
  readonly pattern: RegExp
  readonly format: ManifestFormat
  readonly ecosystem: Ecosystem
  /** Loads the parser: an app has two or three of these formats, and every analysis asks for their names. */
  parser(): Promise<Parser>
}

const formats: readonly Format[] = [
  {
    pattern: /^package\.json$/,
    format: 'package.json',
    ecosystem: 'npm',
    parser: async () => (await import('./package-json.ts')).parsePackageJson,
  },
  {
    pattern: /^(?:package-lock|npm-shrinkwrap)\.json$/,
    format: 'package-lock.json',
    ecosystem: 'npm',
    parser: async () => (await import('./package-lock.ts')).parsePackageLock,
  },
  {
    pattern: /^pnpm-lock\.yaml$/,
    format: 'pnpm-lock.yaml',
    ecosystem: 'npm',
    parser: async () => (await import('./pnpm-lock.ts')).parsePnpmLock,
  },
  {
    pattern: /^yarn\.lock$/,
    format: 'yarn.lock',
    ecosystem: 'npm',
    parser: async () => (await import('./yarn-lock.ts')).parseYarnLock,
  },
  {
    pattern: /^requirements[\w.-]*\.(?:txt|in)$/i,
    format: 'requirements',
    ecosystem: 'pypi',
    parser: async () => {
      const { parseRequirements } = await import('./requirements-txt.ts')
      return (path, folder, text, _digest, texts) => parseRequirements(path, folder, text, (other) => texts.get(other))
    },
  },
  {
    pattern: /^pyproject\.toml$/,
    format: 'pyproject.toml',
    ecosystem: 'pypi',
    parser: async () => (await import('./pyproject.ts')).parsePyproject,
  },
  {
    pattern: /^(?:poetry|uv|pdm)\.lock$|^pylock(?:\.[\w-]+)?\.toml$/,
    format: 'python-lock',
    ecosystem: 'pypi',
    parser: async () => (await import('./python-lock.ts')).parsePythonLock,
  },
  {
    pattern: /^Pipfile$/,
    format: 'Pipfile',
    ecosystem: 'pypi',
    parser: async () => (await import('./pipfile.ts')).parsePipfile,
  },
  {
    pattern: /^Pipfile\.lock$/,
    format: 'Pipfile.lock',
    ecosystem: 'pypi',
    parser: async () => (await import('./pipfile.ts')).parsePipfileLock,
  },
  {
    pattern: /^setup\.cfg$/,
    format: 'setup.cfg',
    ecosystem: 'pypi',
    parser: async () => (await import('./setup-cfg.ts')).parseSetupCfg,
  },
  {
    pattern: /^setup\.py$/,
    format: 'setup.py',
    ecosystem: 'pypi',
    parser: async () => (await import('./setup-py.ts')).parseSetupPy,
  },
  {
    pattern: /^environment\.ya?ml$/,
    format: 'environment.yml',
    ecosystem: 'pypi',
    parser: async () => (await import('./environment-yml.ts')).parseEnvironmentYml,
  },
]

/** Whether a file is a manifest or lock file Assay reads. */
export function isManifest(path: string): boolean {
  return formatOf(path) !== undefined
}

/**
 * Reads every manifest and lock file of the app, in the order of their paths. A file its package manager would refuse
 * is there with its problems and whatever could be read.
 */
export async function readManifests(app: AppSnapshot, signal?: AbortSignal): Promise<readonly Manifest[]> {
  const files = app.files.filter(
    (file) => file.kind === 'text' && file.role !== 'vendored' && file.role !== 'generated',
  )
  const candidates = files.filter((file) => formatOf(file.path) !== undefined)
  // Requirements files may include any other text file.
  const wanted = files.filter((file) => candidates.includes(file) || /\.(?:txt|in)$/.test(file.path))
  const texts = new Map<string, string>()
  for (const file of wanted) texts.set(file.path, await readText(app, file))
  const manifests: Manifest[] = []
  for (const file of candidates) {
    signal?.throwIfAborted()
    const format = formatOf(file.path)
    if (format === undefined) continue
    const manifest = await parseOne(format, file, texts)
    if (manifest) manifests.push(manifest)
  }
  return manifests
}

async function parseOne(
  format: Format,
  file: SnapshotFile,
  texts: ReadonlyMap<string, string>,
): Promise<Manifest | undefined> {
  const folder = folderOf(file.path)
  const parse = await format.parser()
  try {
    return await parse(file.path, folder, texts.get(file.path) ?? '', file.digest, texts)
  } catch (error) {
    if (!(error instanceof ManifestSyntaxError)) throw error
    const { line, column, message } = error
    return {
      path: file.path,
      folder,
      format: format.format,
      ecosystem: format.ecosystem,
      declarations: [],
      locked: [],
      problems: [{ file: file.path, line, column, message }],
    }
  }
}

function formatOf(path: string): Format | undefined {
  const name = basename(path)
  const known = formats.find((format) => format.pattern.test(name))
  if (known) return known
  // `requirements/dev.txt` is the other customary place.
  return /(?:^|\/)requirements\/[\w.-]+\.(?:txt|in)$/i.test(path) && !/constraints/i.test(name)
    ? formats.find((format) => format.format === 'requirements')
    : undefined
}

/** The folder a manifest governs: its own, or for `requirements/dev.txt` the one above. */
function folderOf(path: string): string {
  const own = dirname(path)
  const folder = basename(own).toLowerCase() === 'requirements' && path.endsWith('.txt') ? dirname(own) : own
  return folder === '.' ? '' : folder
}
