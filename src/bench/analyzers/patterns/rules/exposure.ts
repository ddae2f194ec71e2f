import type { SyntaxNode } from '#bench/syntax'
import type { Hit, PatternRule } from '../rule.ts'
import type { Binding, Call, Source } from '../source.ts'
import { keyword, literalOf, positional, scopesAround, stringOf } from '../values.ts'

/** Rules about a server that shows more than it should: debuggers, stack traces, listening addresses, its own files. */
export const exposureRules: readonly PatternRule[] = [
  {
    id: 'debug-enabled',
    title: 'Debug mode on',
    category: 'security',
    severity: 'high',
    confidence: 'high',
    cwe: [489],
    defect: 'debug-enabled',
    why: 'Debug mode shows source code and variables to anyone who triggers an error; the Flask debugger lets them run code on the server.',
    fix: 'Leave debug off by default and switch it on by an environment variable that is only set on developers’ machines.',
    python: [
      { on: 'call', names: ['*.run', '*.Flask', '*.FastAPI', '*.Starlette', '*.Quart'], match: debugArgument },
      { on: 'binding', name: /^(?:DEBUG|debug)$/, match: debugSetting },
    ],
  },
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
    id: 'stack-trace-in-response',
    title: 'Stack trace sent to the client',
    category: 'security',
    severity: 'medium',
    confidence: 'high',
    cwe: [209],
    defect: 'error-detail',
    why: 'Stack traces tell an attacker file paths, library versions and the shape of the code.',
    fix: 'Log the error on the server and answer with a general message and an id to look it up by.',
    python: [{ on: 'return', match: tracebackReturned }],
    javascript: [
      { on: 'call', names: ['*.json', '*.send', '*.end', '*.write', '*.render', '*.status'], match: stackSent },
      { on: 'call', names: ['errorhandler'], match: errorhandlerUsed },
    ],
  },
  {
    id: 'exception-text-in-response',
    title: 'Text of any exception sent to the client',
    category: 'security',
    severity: 'low',
    confidence: 'medium',
    cwe: [209],
    defect: 'error-detail',
    why: 'The text of an unexpected exception may name tables, files and hosts; attackers use it to steer injection.',
    fix: 'Log the exception and answer with a general message; return the text only of exceptions you raise for users.',
    python: [{ on: 'return', match: exceptionTextReturned }],
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
]

function debugArgument(call: Call, source: Source): Hit | undefined {
  if (
    call.method === 'run' &&
    !/^(?:app|application|server|api|web|uvicorn|socketio|\w*app)\.run$/i.test(call.name) &&
    call.name !== '?.run'
  ) {
    return undefined
  }
  const value = keyword(call, 'debug')
  if (literalOf(value, source)?.value !== true) return undefined
  return {
    node: call.arguments.namedChildren.find((child) => child.childForFieldName('name')?.text === 'debug') ?? call.node,
    message: `\`${call.callee.text}\` is started with debug on.`,
    subject: 'debug',
  }
}

/** `app.debug = True`, `app.config['DEBUG'] = True`, Django's `DEBUG = True`, `DEBUG = os.environ.get('DEBUG', 'True') == 'True'`. */
function debugSetting(binding: Binding, source: Source): Hit | undefined {
  if (binding.kind !== 'assignment') return undefined
  const onApp = /^\w*(?:app|application)\.(?:debug$|config\[)/i.test(binding.target)
  const inSettings =
    binding.target === 'DEBUG' &&
    /(?:^|\/)(?:settings|config|prod(?:uction)?|base)\w*\.py$|\/settings\//.test(source.path) &&
    !/(?:dev|local|test)\w*\.py$/.test(source.path) &&
    !insideDevelopmentClass(binding.node)
  if (!onApp && !inSettings) return undefined
  if (literalOf(binding.value, source)?.value === true) {
    return { node: binding.node, message: `\`${binding.target}\` is switched on in the code.`, subject: 'debug' }
  }
  const fallback =
    /(?:get|getenv|config)\(\s*['"]\w*DEBUG\w*['"]\s*,\s*(?:default\s*=\s*)?(?:['"](?:true|1|yes|on)['"]|True)/i
  if (!fallback.test(binding.value.text)) return undefined
  return {
    node: binding.node,
    message: `\`${binding.target}\` is on unless the environment says otherwise.`,
    severity: 'medium',
    confidence: 'medium',
    subject: 'debug',
  }
}

function insideDevelopmentClass(node: SyntaxNode): boolean {
  for (let parent = node.parent; parent !== null; parent = parent.parent) {
    if (parent.type === 'class_definition')
      return /dev|test|local|debug/i.test(parent.childForFieldName('name')?.text ?? '')
  }
  return false
}

function reloadArgument(call: Call, source: Source): Hit | undefined {
  const value = keyword(call, 'reload')
  if (value === undefined || literalOf(value, source)?.value !== true) return undefined
  return { node: value, message: 'The server is started with the development reloader on.' }
}

function stackSent(call: Call): Hit | undefined {
  if (!/^(?:res|response|reply|ctx|c)\b/.test(call.callee.text)) return undefined
  if (call.arguments.endIndex - call.arguments.startIndex > 5000) return undefined
  const text = call.arguments.text
  const stack = /\b(?:err|error|e|ex|exception)\.stack\b/.exec(text)
  if (stack === null) return undefined
  if (/NODE_ENV|isDev|isProd|DEBUG|debug|development|production/.test(text) || insideDevelopmentBranch(call.node))
    return undefined
  return { node: call.node, message: `\`${stack[0]}\` is part of the answer sent to the client.` }
}

function insideDevelopmentBranch(node: SyntaxNode): boolean {
  for (let parent = node.parent; parent !== null; parent = parent.parent) {
    if (parent.type !== 'if_statement' && parent.type !== 'ternary_expression') continue
    if (
      /NODE_ENV|isDev|isProd|debug|development|production|\benv\b/i.test(
        parent.childForFieldName('condition')?.text ?? '',
      )
    )
      return true
  }
  return false
}

function errorhandlerUsed(call: Call): Hit | undefined {
  if (insideDevelopmentBranch(call.node)) return undefined
  return {
    node: call.node,
    message: 'The `errorhandler` middleware answers every error with its stack trace.',
    confidence: 'medium',
  }
}

function tracebackReturned(value: SyntaxNode): Hit | undefined {
  if (value.endIndex - value.startIndex > 5000 || !/\b(?:traceback\.)?format_exc\(\)/.test(value.text)) return undefined
  if (/debug/i.test(value.text) || insideDevelopmentBranch(value)) return undefined
  return { node: value, message: 'The traceback is part of the answer sent to the client.' }
}

/** `except Exception as e: return jsonify({'error': str(e)}), 500`. */
function exceptionTextReturned(value: SyntaxNode, source: Source): Hit | undefined {
  if (value.endIndex - value.startIndex > 1000) return undefined
  const text = value.text
  if (
    !/^\(?(?:jsonify|make_response|Response|JsonResponse|HttpResponse|JSONResponse|render_template)\(|^\{|^\(\{|^f["']/.test(
      text,
    )
  ) {
    return undefined
  }
  const name = /\bstr\((\w+)\)|\{(\w+)(?:![rs])?\}|repr\((\w+)\)/.exec(text)
  const exception = name?.[1] ?? name?.[2] ?? name?.[3]
  if (exception === undefined || scopesAround(value, source).length === 0) return undefined
  for (let parent = value.parent; parent !== null; parent = parent.parent) {
    if (parent.type === 'function_definition') return undefined
    if (parent.type !== 'except_clause') continue
    const head = parent.text.slice(0, 200).split(':', 1)[0] ?? ''
    if (!new RegExp(`\\b(?:Exception|BaseException)\\b[^:]*\\)?\\s+as\\s+${exception}\\b`).test(head)) return undefined
    return { node: value, message: `The text of \`${exception}\`, whatever went wrong, is sent to the client.` }
  }
  return undefined
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
