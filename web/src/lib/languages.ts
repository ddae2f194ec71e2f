const byExtension: Readonly<Record<string, string>> = {
  py: 'python',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'jsx',
  ts: 'typescript',
  tsx: 'tsx',
  vue: 'vue',
  svelte: 'svelte',
  html: 'html',
  htm: 'html',
  css: 'css',
  scss: 'scss',
  json: 'json',
  yml: 'yaml',
  yaml: 'yaml',
  toml: 'toml',
  ini: 'ini',
  md: 'markdown',
  sh: 'shell',
  sql: 'sql',
  xml: 'xml',
  svg: 'svg',
}

/** The language of an excerpt, which comes without one: by the name of its file. */
export const languageOf = (path: string): string | undefined => {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  if (name.startsWith('dockerfile')) return 'dockerfile'
  if (name.startsWith('.env')) return 'dotenv'
  return byExtension[name.slice(name.lastIndexOf('.') + 1)]
}
