import { basename, extname } from 'node:path/posix'
import type { FileRole, Language } from './snapshot.ts'

const byExtension: Readonly<Record<string, Language>> = {
  '.py': 'python',
  '.pyi': 'python',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.jsx': 'jsx',
  '.ts': 'typescript',
  '.mts': 'typescript',
  '.cts': 'typescript',
  '.tsx': 'tsx',
  '.vue': 'vue',
  '.svelte': 'svelte',
  '.html': 'html',
  '.htm': 'html',
  '.css': 'css',
  '.scss': 'scss',
  '.sass': 'scss',
  '.json': 'json',
  '.jsonc': 'json',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.toml': 'toml',
  '.ini': 'ini',
  '.cfg': 'ini',
  '.conf': 'ini',
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.sh': 'shell',
  '.bash': 'shell',
  '.sql': 'sql',
  '.jinja': 'jinja',
  '.jinja2': 'jinja',
  '.j2': 'jinja',
  '.ejs': 'ejs',
  '.xml': 'xml',
  '.svg': 'svg',
}

const byName: readonly (readonly [RegExp, Language])[] = [
  [/^(dockerfile|containerfile)(\..+)?$|\.dockerfile$/i, 'dockerfile'],
  [/^nginx.*\.conf$|\.nginx$/i, 'nginx'],
  [/^\.env(\..+)?$|\.env$/i, 'dotenv'],
  [/^(requirements|constraints)[\w.-]*\.(txt|in)$/i, 'requirements'],
  [/^pipfile$/i, 'toml'],
  [/^(pipfile|composer|deno|bun)\.lock$/i, 'json'],
  [/^(poetry|uv|cargo|pdm)\.lock$/i, 'toml'],
]

/** The language of a file by its name; undefined when Assay has no use for it. */
export function languageOf(path: string): Language | undefined {
  const name = basename(path)
  for (const [pattern, language] of byName) if (pattern.test(name)) return language
  if (/(^|\/)(nginx|sites-(available|enabled)|conf\.d)\/.+\.conf$/i.test(path)) return 'nginx'
  return byExtension[extname(name).toLowerCase()]
}

const lockFile =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|(poetry|uv|pdm|pipfile|composer|cargo)\.lock)$/i
const vendoredFolder = /(^|\/)(vendor|vendors|third[_-]party|bower_components)\//i
/** Minified, with a version in the name, or known by names nobody gives their own files. */
const vendoredFile =
  /(^|\/)(jquery|bootstrap|react|vue|angular|lodash|moment|d3|chart|axios|tailwind)(([.-][\w.-]*)?\.min|[.-]v?\d+(\.\d+)+)\.(js|css)$|(^|\/)(jquery([.-](ui|slim|cookie|validate))?|bootstrap(\.bundle)?)\.js$/i
const generatedFile = /\.(min|bundle|chunk)\.(js|css|mjs)$|\.map$|(^|\/)(dist|build|out|\.next|\.output|coverage)\//i
const testFile =
  /(^|\/)(tests?|test[-_]?utils?|__tests__|__mocks__|spec|e2e|cypress|fixtures)\/|(^|\/)(test_[^/]+|[^/]+_test|conftest)\.py$|\.(test|spec|cy)\.[cm]?[jt]sx?$/i
const configFile =
  /(^|\/)([^/]+\.config\.[cm]?[jt]s|\.[\w-]+rc(\.\w+)?|tsconfig[\w.-]*\.json|package\.json|pyproject\.toml|setup\.(py|cfg)|gunicorn[\w.-]*\.py)$/i
const templateLanguages: ReadonlySet<Language> = new Set<Language>(['jinja', 'ejs'])
const configLanguages: ReadonlySet<Language> = new Set<Language>([
  'json',
  'yaml',
  'toml',
  'ini',
  'dotenv',
  'dockerfile',
  'nginx',
  'requirements',
  'xml',
])

/** What a file is for, by its path and, where that says nothing, its language. */
export function roleOf(path: string, language: Language | undefined): FileRole {
  if (lockFile.test(path)) return 'lock'
  if (vendoredFolder.test(path) || vendoredFile.test(path)) return 'vendored'
  if (generatedFile.test(path)) return 'generated'
  if (testFile.test(path)) return 'test'
  if (configFile.test(path)) return 'config'
  if (language === undefined || language === 'svg') return 'asset'
  if (language === 'markdown') return 'documentation'
  if (templateLanguages.has(language) || (language === 'html' && /(^|\/)(templates|views)\//i.test(path)))
    return 'template'
  return configLanguages.has(language) ? 'config' : 'source'
}
