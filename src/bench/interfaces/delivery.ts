import { parse } from 'yaml'
import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import type { Delivery, Listener, ProxyRule } from './interface.ts'
import { argumentsOf, keyText, type Module, type Modules } from './javascript-modules.ts'
import { textual } from './javascript-text.ts'
import { emptyFrame, newTrace, type World } from './javascript-values.ts'
import { type PythonWorld, pythonArguments, pythonText } from './python-modules.ts'
import type { Sources } from './sources.ts'

const devServers = /(?:^|\/)(?:vite|vue|webpack|rsbuild)\.config\.[cm]?[jt]s$/
const corsMarks =
  /\bflask_cors\b|\bCORSMiddleware\b|["']cors["']|["']@(?:fastify|koa|elysiajs)\/cors["']|hono\/cors|corsheaders|enableCors|Access-Control-Allow-Origin/i
/** Code that hands out pages: templates, or a folder that reads like a build of the frontend. */
const frontendServed =
  /\bstatic_folder\s{0,5}=|\brender_template\(|\bTemplateResponse\(|whitenoise|\b(?:send_from_directory|send_file|FileResponse|StaticFiles|express\.static|serveStatic|serve|sendFile)\([^\n]{0,200}?(?:dist|build|static|public|frontend|client|www|\.html|__dirname\s{0,5}\)|["']\.["'])/i

/** How the parts of an app reach each other: ports, proxies, CORS, who serves the pages. */
export function deliveryOf(sources: Sources, world: World, python: PythonWorld): Delivery {
  const proxies = [...configProxies(world.modules, world), ...packageProxies(sources), ...nginxProxies(sources)]
  const listeners = [...pythonListeners(python), ...javascriptListeners(world), ...composeListeners(sources)]
  const code = [...sources.python, ...sources.scripts]
  const cors = [...code.map(({ path, text }) => [path, text] as const), ...sources.other]
    .filter(
      ([path, text]) =>
        !/(?:package(?:-lock)?\.json|requirements[^/]*\.txt|\.md|pyproject\.toml|Pipfile)$/.test(path) &&
        corsMarks.test(text),
    )
    .map(([path]) => path)
  const backendCode = code.filter(({ path }) => !devServers.test(path))
  const dev = world.modules.all.find(({ path }) => devServers.test(path))
  return {
    proxies,
    listeners,
    cors,
    servesFrontend: backendCode.some(({ text }) => frontendServed.test(text)),
    ownDevServer: dev?.path,
  }
}

/** `server.proxy` of Vite and `devServer.proxy` of Vue and webpack. */
function configProxies(modules: Modules, world: World): ProxyRule[] {
  return modules.all.flatMap((module) => {
    if (!devServers.test(module.path) && !/setupProxy\.[jt]s$/.test(module.path) && !/next\.config/.test(module.path))
      return []
    if (!devServers.test(module.path)) return otherProxies(module)
    return [...nodesUnder(module.source.root)].flatMap((node): ProxyRule[] => {
      const key = node.type === 'pair' ? fieldOf(node, 'key') : undefined
      const value = node.type === 'pair' ? fieldOf(node, 'value') : undefined
      if (key === undefined || value === undefined || keyText(key) !== 'proxy') return []
      if (value.type === 'string')
        return [{ prefix: '/', target: keyText(value), rewritten: '/', file: module.path, line: key.line }]
      if (value.type !== 'object')
        return [{ prefix: '/', target: undefined, rewritten: undefined, file: module.path, line: key.line }]
      return value.children.flatMap((each) => proxyEntry(each, module, world))
    })
  })
}

/** Proxies written as code or by other tools: anything may be passed on. */
function otherProxies(module: Module): ProxyRule[] {
  if (!/createProxyMiddleware|rewrites|proxy/.test(module.source.text)) return []
  return [{ prefix: '/', target: undefined, rewritten: undefined, file: module.path, line: 1 }]
}

function proxyEntry(node: CodeNode, module: Module, world: World): ProxyRule[] {
  const key = fieldOf(node, 'key')
  const value = fieldOf(node, 'value')
  if (key === undefined || value === undefined) return []
  const at = { file: module.path, line: node.line }
  const prefix = keyText(key)
  if (prefix.startsWith('^')) return [{ prefix: '/', target: undefined, rewritten: undefined, ...at }]
  const text = (each: CodeNode) => textual({ node: each, module, frame: emptyFrame }, world, newTrace())
  if (value.type !== 'object') return [{ prefix, target: text(value), rewritten: prefix, ...at }]
  const entry = (name: string) =>
    value.children
      .map((each) => ({ each, name: fieldOf(each, 'key') ?? fieldOf(each, 'name') }))
      .find((pair) => pair.name !== undefined && keyText(pair.name) === name)?.each
  const target = entry('target')
  const targetValue = target === undefined ? undefined : fieldOf(target, 'value')
  const rewrite = entry('rewrite') ?? entry('pathRewrite')
  return [
    {
      prefix,
      target: targetValue === undefined ? undefined : text(targetValue),
      rewritten: rewrite === undefined ? prefix : rewrittenPrefix(textOf(rewrite), prefix),
      ...at,
    },
  ]
}

/** The customary `path.replace(/^\/api/, '')` and `{ '^/api': '' }`; anything else is not understood. */
function rewrittenPrefix(text: string, prefix: string): string | undefined {
  const match =
    /replace\(\s*(?:\/\^((?:\\\/|[\w-])+)\/|["']([^"']+)["'])\s*,\s*["']([^"']*)["']\s*\)|["']\^([^"']+)["']\s*:\s*["']([^"']*)["']/.exec(
      text,
    )
  if (match === null) return undefined
  const from = (match[1] ?? match[2] ?? match[4] ?? '').replaceAll('\\/', '/')
  return from === prefix ? (match[3] ?? match[5] ?? '') : undefined
}

/** `"proxy": "http://localhost:5000"` in package.json (Create React App), rewrites of Vercel and Netlify. */
function packageProxies(sources: Sources): ProxyRule[] {
  return [...sources.other].flatMap(([path, text]): ProxyRule[] => {
    if (/(?:^|\/)package\.json$/.test(path)) {
      const match = /"proxy"\s*:\s*"([^"]+)"/.exec(text)
      return match?.[1] === undefined ? [] : [{ prefix: '/', target: match[1], rewritten: '/', file: path, line: 1 }]
    }
    if (/(?:^|\/)(?:vercel\.json|netlify\.toml|_redirects|proxy\.conf\.json|Caddyfile|traefik[^/]*)$/.test(path)) {
      return [{ prefix: '/', target: undefined, rewritten: undefined, file: path, line: 1 }]
    }
    return []
  })
}

function nginxProxies(sources: Sources): ProxyRule[] {
  return [...sources.other].flatMap(([path, text]) =>
    [
      ...text.matchAll(
        /location\s+(?:[=~^*]{1,2}\s+)?([^\s{]+)\s*\{[^{}]{0,4000}?proxy_pass\s+https?:\/\/([^\s;/]+)(\/[^\s;]*)?;/g,
      ),
    ].map((match) => {
      const prefix = (match[1] ?? '/').replace(/\/$/, '') || '/'
      return {
        prefix,
        target: `http://${match[2] ?? ''}`,
        rewritten: match[3] === undefined ? prefix : match[3].replace(/\/$/, ''),
        file: path,
        line: text.slice(0, match.index).split('\n').length,
      }
    }),
  )
}

function pythonListeners(world: PythonWorld): Listener[] {
  return world.all.flatMap((module) =>
    module.calls.flatMap((call): Listener[] => {
      const name = textOf(fieldOf(call, 'function') ?? call)
      const isFlask = /^(?:\w+\.)?(?:app|application|socketio)\.run$/.test(name)
      if (!isFlask && name !== 'uvicorn.run') return []
      const { keyword } = pythonArguments(call)
      const given = keyword.get('port')
      const port = given === undefined ? (isFlask ? '5000' : '8000') : pythonText({ module, node: given }, world)
      return /^\d+$/.test(port)
        ? [{ port: Number(port), explicit: given !== undefined, file: module.path, line: call.line }]
        : []
    }),
  )
}

function javascriptListeners(world: World): Listener[] {
  return world.modules.all.flatMap((module) =>
    module.calls.flatMap((call): Listener[] => {
      const callee = fieldOf(call, 'function')
      const first = argumentsOf(call)[0]
      if (callee === undefined || first === undefined || !/\.listen$/.test(textOf(callee))) return []
      const found =
        first.type === 'object'
          ? first.children.find(
              (each) => fieldOf(each, 'key') !== undefined && keyText(fieldOf(each, 'key') ?? each) === 'port',
            )
          : first
      const value = found === undefined ? undefined : (fieldOf(found, 'value') ?? found)
      const port = value === undefined ? '' : textual({ node: value, module, frame: emptyFrame }, world, newTrace())
      return /^\d+$/.test(port) ? [{ port: Number(port), explicit: true, file: module.path, line: call.line }] : []
    }),
  )
}

/** Published ports of compose services, and ports in start commands of Dockerfiles, scripts and compose files. */
function composeListeners(sources: Sources): Listener[] {
  return [...sources.other].flatMap(([path, text]): Listener[] => {
    const listeners: Listener[] = []
    const lineOf = (index: number) => text.slice(0, index).split('\n').length
    if (/(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/.test(path)) {
      for (const port of publishedPorts(text)) listeners.push({ port, explicit: true, file: path, line: 1 })
    }
    if (!/(?:\.md|package-lock\.json)$/.test(path)) {
      for (const match of text.matchAll(
        /(?:uvicorn|gunicorn|hypercorn|flask|runserver)[^\n]{0,200}?(?:--port[ =",]{1,6}|-p[ ",]{1,4}|:)(\d{4,5})\b/g,
      )) {
        listeners.push({ port: Number(match[1]), explicit: true, file: path, line: lineOf(match.index) })
      }
      for (const match of text.matchAll(/(?:flask run|manage\.py runserver)(?![^\n]*\d{4})/g)) {
        listeners.push({
          port: match[0].startsWith('flask') ? 5000 : 8000,
          explicit: false,
          file: path,
          line: lineOf(match.index),
        })
      }
    }
    return listeners
  })
}

function publishedPorts(text: string): number[] {
  let parsed: unknown
  try {
    parsed = parse(text)
  } catch {
    // A broken compose file is a finding of `containers`; here it only means that no port is known from it.
    return []
  }
  const services = typeof parsed === 'object' && parsed !== null && 'services' in parsed ? parsed.services : undefined
  if (typeof services !== 'object' || services === null) return []
  return Object.values(services).flatMap((service: unknown) => {
    const ports = typeof service === 'object' && service !== null && 'ports' in service ? service.ports : undefined
    return Array.isArray(ports)
      ? ports.flatMap((port) => /(?:^|:)(\d{2,5}):\d+/.exec(String(port))?.[1] ?? []).map(Number)
      : []
  })
}
