import { type Declaration, type Manifest, type ManifestProblem, normalisePythonName } from './manifest.ts'
import { lowestPython } from './pyproject.ts'
import { parseRequirement } from './requirement.ts'

/**
 * Reads the dependencies of a setup.cfg (`[options] install_requires`, `[options.extras_require]`). Undefined when it
 * has no `[options]`: it only configures tools.
 */
export function parseSetupCfg(path: string, folder: string, text: string): Manifest | undefined {
  const declarations: Declaration[] = []
  const problems: ManifestProblem[] = []
  let section = ''
  let key = ''
  let hasOptions = false
  let ownName: string | undefined
  let python: string | undefined
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim()
    if (content === '' || content.startsWith('#') || content.startsWith(';')) continue
    if (content.startsWith('[') && content.endsWith(']')) {
      section = content.slice(1, -1)
      key = ''
      hasOptions ||= section === 'options'
      continue
    }
    let value = content
    if (!/^\s/.test(raw)) {
      const equals = content.search(/[=:]/)
      if (equals === -1) continue
      key = content.slice(0, equals).trim()
      value = content.slice(equals + 1).trim()
    }
    if (section === 'metadata' && key === 'name') ownName = normalisePythonName(value)
    if (section === 'options' && key === 'python_requires') python = lowestPython(value)
    const isRuntime = section === 'options' && key === 'install_requires'
    if (value === '' || !(isRuntime || section === 'options.extras_require')) continue
    const result = parseRequirement(value.replace(/\s+#.*$/, ''))
    const line = index + 1
    if (result.kind === 'malformed')
      problems.push({ file: path, line, column: raw.indexOf(value) + result.column, message: result.message })
    else declarations.push({ ...result.requirement, kind: isRuntime ? 'runtime' : 'optional', file: path, line })
  }
  if (!hasOptions) return undefined
  return {
    path,
    folder,
    format: 'setup.cfg',
    ecosystem: 'pypi',
    declarations,
    locked: [],
    problems,
    ...(ownName !== undefined && { ownName }),
    ...(python !== undefined && { python }),
  }
}
