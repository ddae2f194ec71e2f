import type { RawFinding } from '#bench/findings'
import { servesPath, tagsIn } from '#bench/interfaces'
import { nodesUnder, textOf } from '#bench/syntax'
import { findingAt, type Wiring } from './finding.ts'

/** Elements that load a file, and the attribute that names it. */
const loading: ReadonlyMap<string, string> = new Map([
  ['img', 'src'],
  ['script', 'src'],
  ['link', 'href'],
  ['source', 'src'],
  ['video', 'src'],
  ['audio', 'src'],
])
const assetPath =
  /^(?!\/\/)(?!\w+:)(?:\.{0,2}\/)*([\w@./-]{1,200}\.(?:png|jpe?g|gif|svg|webp|avif|ico|css|js|mjs|jsx|tsx?|mp4|webm|mp3|wav|woff2?))(?:[?#].{0,100})?$/i
/** Made by a build or by users: not part of the sources. */
const madeLater =
  /(?:^|\/)(?:dist|build|out|uploads?|media|node_modules|generated|cache|socket\.io|_next|bundle|vendor|admin)(?:\/|[.-])|\.min\.\w+$|^(?:bundle|main|index)\.(?:js|css)$/i
const pictures = /\.(?:png|jpe?g|gif|svg|webp|avif|ico)$/i

/** Pictures, styles and scripts that pages and components name by a literal path, but the app does not have. */
export function judgeAssets(wiring: Wiring): RawFinding[] {
  const findings: RawFinding[] = []
  const judge = (file: string, line: number, written: string) => {
    const name = assetPath.exec(written)?.[1]
    if (name === undefined || madeLater.test(name) || exists(name, wiring)) return
    findings.push(
      findingAt(
        wiring,
        'missing-static-file',
        { file, line },
        `"${written}" is loaded here, but the app has no such file.`,
        {
          subject: name,
          ...(pictures.test(name) && { severity: 'low' as const }),
        },
      ),
    )
  }
  for (const { path, text } of wiring.sources.markup) {
    for (const { name, attributes, line } of tagsIn(text)) {
      const attribute = loading.get(name)
      const written = attribute === undefined ? undefined : attributes.get(attribute)
      if (written !== undefined) judge(path, line, written)
    }
  }
  for (const { path, root } of wiring.sources.scripts) {
    for (const node of nodesUnder(root)) {
      const [key, value] = node.type === 'jsx_attribute' ? node.children : []
      if (key !== undefined && value?.type === 'string' && textOf(key) === 'src')
        judge(path, value.line, textOf(value).slice(1, -1))
    }
  }
  return findings
}

/** Any file whose path ends alike counts: which folder is served where is decided at run time. */
function exists(name: string, { paths, routes }: Wiring): boolean {
  const wanted = name.replace(/^(?:static|public|assets)\//, '')
  if (paths.some((path) => path === wanted || path.endsWith(`/${wanted}`))) return true
  return routes.some(
    (route) =>
      !route.path.startsWith('/*') && servesPath(route, { path: `/${name}`, baseUnknown: false, openEnd: false }),
  )
}
