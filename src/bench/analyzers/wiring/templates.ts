import type { RawFinding } from '#bench/findings'
import { findingAt, type Wiring } from './finding.ts'

const rendering =
  /\b(?:render_template|TemplateResponse|get_template|render_to_string|select_template)\(\s{0,40}(?:request\s{0,5},\s{0,40}|name\s{0,5}=\s{0,5})?["']([\w./-]+\.(?:html?|jinja2?|j2|txt|xml))["']/g
const djangoRendering =
  /\brender\(\s{0,40}(?:self\.)?request\s{0,5},\s{0,40}["']([\w./-]+\.html?)["']|\btemplate_name\s{0,5}=\s{0,5}["']([\w./-]+\.html?)["']/g
const inheriting = /\{%-?\s{0,10}(?:extends|include|import|from)\s{1,10}["']([\w./-]+)["']/g
const staticFiles =
  /\burl_for\(\s{0,10}["']static["']\s{0,5},\s{0,10}(?:filename|path)\s{0,5}=\s{0,5}["']([^"'{}]+)["']|\{%\s{0,10}static\s{1,10}["']([^"'{}]+)["']/g
const endpoints = /\burl_for\(\s{0,10}["']([\w.]+)["']/g
/** Templates that come with packages. Sources: the template folders of Flask-Security, Flask-Admin, Bootstrap-Flask, Django. */
const fromPackages =
  /^(?:admin|security|bootstrap\d?|registration|rest_framework|flask_admin|crispy_forms|django|debug_toolbar|allauth|account|widget_tweaks)\//

/** Templates, static files and endpoints that pages refer to but the app does not have. */
export function judgeTemplates(wiring: Wiring): RawFinding[] {
  const findings: RawFinding[] = []
  const builtin = wiring.sources.components.some(
    ({ framework }) =>
      framework === 'flask' || framework === 'fastapi' || framework === 'django' || framework === 'quart',
  )
  if (!builtin) return findings
  const names = endpointNames(wiring)
  const report = (
    path: string,
    text: string,
    pattern: RegExp,
    judge: (name: string, at: { file: string; line: number }) => RawFinding | undefined,
  ) => {
    for (const match of text.matchAll(pattern)) {
      const name = match[1] ?? match[2]
      if (name === undefined || isCommented(text, match.index)) continue
      const found = judge(name, { file: path, line: text.slice(0, match.index).split('\n').length })
      if (found !== undefined) findings.push(found)
    }
  }
  const template = (name: string, at: { file: string; line: number }) => {
    const known = fromPackages.test(name) || wiring.paths.some((path) => path === name || path.endsWith(`/${name}`))
    return known
      ? undefined
      : findingAt(
          wiring,
          'missing-template',
          at,
          `The template "${name}" is used here, but the app has no such file.`,
          { subject: name },
        )
  }
  const asset = (name: string, at: { file: string; line: number }) => {
    const known =
      /^(?:admin|rest_framework)\//.test(name) ||
      wiring.paths.some((path) => path === `static/${name}` || path.endsWith(`/${name}`))
    return known
      ? undefined
      : findingAt(
          wiring,
          'missing-static-file',
          at,
          `The static file "${name}" is referred to here, but the app has no such file.`,
          { subject: name },
        )
  }
  const endpoint = (name: string, at: { file: string; line: number }) => {
    if (names === undefined || name === 'static' || names.has(name) || /\.static$/.test(name)) return undefined
    const [first = '', ...rest] = name.split('.')
    // Blueprints of extensions bring endpoints of their own.
    if (rest.length > 0 && !names.has(`${first}.`)) return undefined
    if (name.startsWith('.') && names.has(name.slice(1))) return undefined
    return findingAt(wiring, 'missing-endpoint', at, `url_for names "${name}", but no route has this endpoint.`, {
      subject: name,
    })
  }
  for (const { path, text } of wiring.sources.python) {
    report(path, text, rendering, template)
    report(path, text, djangoRendering, template)
    report(path, text, endpoints, endpoint)
  }
  for (const { path, text } of wiring.sources.markup) {
    report(path, text, inheriting, template)
    report(path, text, staticFiles, asset)
    report(path, text, endpoints, endpoint)
  }
  return findings
}

/**
 * The endpoint names of a Flask app: view functions, with blueprint names in front, and names given explicitly.
 * `name.` marks a blueprint. Undefined when endpoints may be made in ways that are not visible.
 */
function endpointNames({ routes, sources }: Wiring): ReadonlySet<string> | undefined {
  const flask = routes.filter(({ framework }) => framework === 'flask')
  if (flask.length === 0 || flask.some(({ handler }) => handler === undefined)) return undefined
  const names = new Set<string>()
  const blueprints: string[] = []
  for (const { text } of sources.python) {
    for (const match of text.matchAll(/\bBlueprint\(\s{0,40}["'](\w+)["']/g)) blueprints.push(match[1] ?? '')
    for (const match of text.matchAll(
      /\bendpoint\s{0,5}=\s{0,5}["']([\w.]+)["']|\bas_view\(\s{0,5}["'](\w+)["']|\badd_url_rule\(\s{0,40}[^,\n]{1,200},\s{0,40}["'](\w+)["']/g,
    )) {
      names.add(match[1] ?? match[2] ?? match[3] ?? '')
    }
  }
  for (const { handler } of flask) names.add(handler ?? '')
  for (const name of [...names]) for (const blueprint of blueprints) names.add(`${blueprint}.${name}`)
  // With blueprints, a plain name is right only for routes of the app itself; that is not judged.
  for (const blueprint of blueprints) names.add(`${blueprint}.`)
  return names
}

function isCommented(text: string, index: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', index - 1) + 1, index)
  return /^\s*#|\{#|<!--/.test(line)
}
