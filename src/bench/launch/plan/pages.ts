import { posix } from 'node:path'
import type { Component } from '#bench/apps'
import type { Sources } from '#bench/interfaces'
import type { Manifest } from '#bench/manifests'
import type { PlannedPages } from './launch-plan.ts'
import { npmScript } from './node.ts'

export interface PagesSurroundings {
  readonly sources: Sources
  readonly manifests: readonly Manifest[]
  readonly paths: ReadonlySet<string>
}

/** Where builds leave pages, by the tool a build script names: the tool, its folders, the port of its development server. */
const tools: readonly { readonly script: RegExp; readonly outputs: readonly string[]; readonly port: number }[] = [
  { script: /\breact-scripts\b|\bcraco\b/, outputs: ['build'], port: 3000 },
  { script: /\bvue-cli-service\b/, outputs: ['dist'], port: 8080 },
  { script: /\bng\b/, outputs: ['dist'], port: 4200 },
  { script: /\bvite\b/, outputs: ['dist'], port: 5173 },
  { script: /\bwebpack\b/, outputs: ['dist', 'build', 'public'], port: 8080 },
  { script: /\bparcel\b/, outputs: ['dist'], port: 1234 },
  { script: /\bastro\b/, outputs: ['dist'], port: 4321 },
]
const anyOutputs = ['dist', 'build', 'out', 'public']

/** How the pages of a front end come to be; undefined when there is neither a build nor an `index.html`. */
export function planPages(component: Component, around: PagesSurroundings): PlannedPages | undefined {
  const manifest = around.manifests.find(({ format, folder }) => format === 'package.json' && folder === component.path)
  const scripts = manifest?.npm?.scripts ?? {}
  const isBuilt = manifest !== undefined && component.role === 'frontend' && usesBuildTool(manifest)
  if (!isBuilt) return lyingPages(component, around)
  const script = scripts['build'] ?? 'vite build'
  const tool = tools.find((each) => each.script.test(script))
  const config = around.sources.scripts.find(({ path }) =>
    /^(?:vite|vue|webpack|rsbuild)\.config\.[cm]?[jt]s$/.test(relativeTo(component.path, path)),
  )
  const outDir = /\boutDir\s*:\s*["']([^"']+)["']/.exec(config?.text ?? '')?.[1]
  const port = /\bserver\s*:\s*\{[\s\S]*?\bport\s*:\s*(\d{2,5})/.exec(config?.text ?? '')?.[1]
  const outputs = [...(outDir === undefined ? [] : [outDir]), ...(tool?.outputs ?? []), ...anyOutputs]
  return {
    part: {
      path: component.path,
      role: 'frontend',
      framework: component.framework,
      command: script,
      hint: 'npm-script',
      evidence: { path: manifest.path },
    },
    build: npmScript('build', { build: script }, component.path),
    outputs: [...new Set(outputs)].map((output) => posix.join(component.path, output)),
    port: port === undefined ? (tool?.port ?? 5173) : Number(port),
  }
}

function usesBuildTool(manifest: Manifest): boolean {
  return (
    manifest.npm?.scripts['build'] !== undefined ||
    manifest.declarations.some(({ name }) => name === 'vite' || name === 'react-scripts')
  )
}

function lyingPages(component: Component, { paths }: PagesSurroundings): PlannedPages | undefined {
  const folders = [
    component.path,
    ...['public', 'static', 'www', 'src'].map((name) => posix.join(component.path, name)),
  ]
  const outputs = folders.filter((folder) => paths.has(posix.join(folder, 'index.html')))
  const page = outputs[0] === undefined ? undefined : posix.join(outputs[0], 'index.html')
  const anyPage = component.evidence.endsWith('.html') ? component.evidence : page
  if (anyPage === undefined) return undefined
  return {
    part: {
      path: component.path,
      role: 'frontend',
      framework: component.framework,
      command: 'files as they are',
      hint: 'convention',
      evidence: { path: page ?? anyPage },
    },
    outputs: outputs.length > 0 ? outputs : [posix.dirname(anyPage) === '.' ? '' : posix.dirname(anyPage)],
    port: 8080,
  }
}

function relativeTo(folder: string, path: string): string {
  return folder !== '' && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path
}
