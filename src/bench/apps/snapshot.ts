/** Languages Assay distinguishes, by file name and extension. */
export const languages = [
  'python',
  'javascript',
  'jsx',
  'typescript',
  'tsx',
  'vue',
  'svelte',
  'html',
  'css',
  'scss',
  'json',
  'yaml',
  'toml',
  'ini',
  'markdown',
  'shell',
  'sql',
  'dockerfile',
  'nginx',
  'dotenv',
  'jinja',
  'ejs',
  'requirements',
  'xml',
  'svg',
] as const
export type Language = (typeof languages)[number]

/**
 * What a file is for. `lock`: written by a package manager; `generated`: minified, bundled or marked as generated;
 * `vendored`: third-party code kept in the tree; `test`: test code and fixtures; `asset`: images, fonts, data.
 */
export type FileRole =
  | 'source'
  | 'test'
  | 'config'
  | 'template'
  | 'documentation'
  | 'lock'
  | 'generated'
  | 'vendored'
  | 'asset'

export interface SnapshotFile {
  /** Relative to the app, `/` separators, NFC, no `.` or `..` segments. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** `sha256:` and 64 hex digits. */
  readonly digest: string
  readonly kind: 'text' | 'binary'
  /** How the text is encoded; absent for binary files. `latin-1` is the guess for text that is not valid UTF-8. */
  readonly encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin-1'
  readonly language?: Language
  readonly role: FileRole
  /** Lines of text, 0 for binary files. */
  readonly lines: number
}

/** A part of an app with its own stack: a Flask backend and a React frontend are two components. */
export interface Component {
  /** Folder relative to the app, `''` for the app itself. */
  readonly path: string
  readonly role: 'backend' | 'frontend' | 'fullstack' | 'library' | 'static'
  /** `flask`, `fastapi`, `django`, `express`, `fastify`, `koa`, `next`, `react`, `vue`, `svelte`, `static`, … */
  readonly framework: string
  readonly language: 'python' | 'javascript' | 'typescript' | 'html'
  /** The file the detection rests on. */
  readonly evidence: string
}

/** What was left out of a snapshot, and why. Never silent. */
export interface Exclusion {
  readonly path: string
  readonly reason: string
}

/**
 * An app's code at one moment: content-addressed and read-only. `root` is a folder on this machine that holds exactly
 * `files`; read them through {@link readText}, which decodes, and never write there.
 */
export interface AppSnapshot {
  /** `sha256:` of the sorted manifest of paths and content digests. */
  readonly digest: string
  readonly root: string
  /** Sorted by path, by code unit. */
  readonly files: readonly SnapshotFile[]
  readonly excluded: readonly Exclusion[]
  readonly components: readonly Component[]
}
