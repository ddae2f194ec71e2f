import type { Hit, PatternRule } from '../rule.ts'
import type { Call, Source } from '../source.ts'
import { keyword, literalOf, positional, stringOf } from '../values.ts'

/** Rules about a server that is more open than it should be: reloaders, listening addresses, its own files. */
export const exposureRules: readonly PatternRule[] = [
  {
    id: 'reload-enabled',
    title: 'Development reloader in a server start',
    category: 'security',
    severity: 'low',
    confidence: 'medium',
    cwe: [489],
    why: 'The reloader watches and re-executes the source tree: a development aid that costs performance and widens what a writable file can do in production.',
    fix: 'Drop `reload=True` from the code and pass `--reload` on the developer’s command line.',
    python: [{ on: 'call', names: ['uvicorn.run'], match: reloadArgument }],
  },
  {
    id: 'bind-all-interfaces',
    title: 'Server listens on all network interfaces',
    category: 'security',
    severity: 'info',
    confidence: 'high',
    cwe: [1327],
    defect: 'bind-all-interfaces',
    why: 'On a developer’s machine or a host without a firewall, everyone on the network reaches the server.',
    fix: 'Bind to 127.0.0.1 by default and read the address from the environment; in a container 0.0.0.0 is needed.',
    python: [{ on: 'call', names: ['*.run', '*.run_app', '*.run_simple', '*.bind'], match: boundEverywhere }],
    javascript: [{ on: 'call', names: ['*.listen'], match: listensEverywhere }],
  },
  {
    id: 'project-root-served',
    title: 'The project’s own folder is served as static files',
    category: 'security',
    severity: 'high',
    confidence: 'high',
    cwe: [552],
    why: 'Anyone can download the source code, the database file and `.env` of the application.',
    fix: 'Move public files to a folder of their own (`public/`) and serve only that.',
    python: [
      {
        on: 'call',
        names: ['flask.Flask', 'fastapi.staticfiles.StaticFiles', 'starlette.staticfiles.StaticFiles'],
        match: servesRootPython,
      },
    ],
    javascript: [
      { on: 'call', names: ['express.static', '*.serveStatic', 'serve-static', 'koa-static'], match: servesRoot },
    ],
  },
  {
    id: 'world-writable-file',
    title: 'File made writable by everyone',
    category: 'security',
    severity: 'low',
    confidence: 'high',
    cwe: [732],
    defect: 'insecure-file-permissions',
    why: 'Any user or process of the machine can change the file.',
    fix: 'Use 0o644 for files and 0o755 for folders, or less.',
    python: [{ on: 'call', names: ['os.chmod', '*.chmod'], match: writableByAll }],
    javascript: [
      {
        on: 'call',
        names: ['fs.chmod', 'fs.chmodSync', 'fs/promises.chmod', 'fs.promises.chmod'],
        match: writableByAll,
      },
    ],
  },
]

function reloadArgument(call: Call, source: Source): Hit | undefined {
  const value = keyword(call, 'reload')
  if (value === undefined || literalOf(value, source)?.value !== true) return undefined
  return { node: value, message: 'The server is started with the development reloader on.' }
}

function boundEverywhere(call: Call, source: Source): Hit | undefined {
  const value = keyword(call, 'host') ?? (call.method === 'run_simple' ? positional(call)[0] : undefined)
  if (value === undefined || stringOf(value, source) !== '0.0.0.0') return undefined
  return { node: call.node, message: `\`${call.callee.text}\` listens on 0.0.0.0.` }
}

function listensEverywhere(call: Call, source: Source): Hit | undefined {
  const host = positional(call)[1]
  if (host === undefined || stringOf(host, source) !== '0.0.0.0') return undefined
  return { node: call.node, message: `\`${call.callee.text}\` listens on 0.0.0.0.` }
}

function servesRoot(call: Call): Hit | undefined {
  const folder = positional(call)[0]?.text.replace(/\s+/g, '')
  if (folder === undefined) return undefined
  const root =
    /^(?:__dirname|process\.cwd\(\)|import\.meta\.dirname|['"`](?:\.|\.\/|\/)['"`]|path\.(?:join|resolve)\((?:__dirname|process\.cwd\(\))?(?:,?['"](?:\.|\.\/|)['"])?\))$/
  return root.test(folder)
    ? { node: call.node, message: `\`${call.callee.text}(${folder})\` serves the folder of the program itself.` }
    : undefined
}

function servesRootPython(call: Call, source: Source): Hit | undefined {
  const value = keyword(call, 'static_folder') ?? keyword(call, 'directory')
  const folder = stringOf(value, source)
  if (value === undefined || (folder !== '.' && folder !== './' && folder !== '..' && folder !== '../'))
    return undefined
  return { node: value, message: `Static files are served from \`${folder}\`, the folder of the program itself.` }
}

function writableByAll(call: Call, source: Source): Hit | undefined {
  const mode = keyword(call, 'mode') ?? positional(call).at(-1)
  if (mode === undefined) return undefined
  const text = stringOf(mode, source) ?? mode.text
  const found = /^(?:0o?)?[0-7]?[0-7]{2}[2367]$/.exec(text)
  if (found === null || (!/^0/.test(text) && mode.type === 'integer')) return undefined
  return { node: call.node, message: `\`${call.callee.text}\` gives the mode ${found[0]}.` }
}
