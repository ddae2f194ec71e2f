import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'

/** What a Python file offers to whoever wants to start the app in it. */
export interface PythonEntry {
  readonly path: string
  /** The line that starts a server when the file is run. */
  readonly runs?: number
  /** The module-level name of an app object, and where it is made. */
  readonly app?: { readonly name: string; readonly line: number; readonly made: string }
  /** A function without required parameters that makes an app. */
  readonly factory?: { readonly name: string; readonly line: number; readonly made: string }
}

/** Calls after which a server listens. */
const startsServer =
  /(?:^|\.)(?:run|run_simple|serve|serve_forever|run_app|run_server|listen|run_forever|start_server)$/
/** Of those, names that many other things have too: only these objects are believed. */
const believedRun =
  /^(?:(?:[\w.]*\.)?(?:\w*app\w*|application|api|server|\w*socket_?io|sio|web|httpd?|manager)|uvicorn|hypercorn|waitress|bottle|asyncio|eventlet\.wsgi|cherrypy\.engine)\.(?:run|serve|listen|run_forever)$|^(?:run_simple|serve|run_app|run)$|\.(?:serve_forever|run_app|run_server|run_simple|start_server)$|^uvicorn\.Server\(/i
const constructors =
  /^(?:\w+\.)?(Flask|FastAPI|Starlette|Quart|Sanic|Bottle|APIFlask|Connexion|FlaskApp|Litestar|Dash)$/
const factoryNames = /^(?:create|make|build|get|init|setup)_?(?:app|application|api|server)$|^app_factory$|^create$/

/** Finds what could be started in one Python file. */
export function pythonEntry(path: string, root: CodeNode): PythonEntry {
  const calls = [...nodesUnder(root)].filter(({ type }) => type === 'call')
  const app = moduleApp(root)
  const runs = calls.find((call) => isServerStart(call, app?.name) && runsWhenExecuted(call, root))
  const factory = appFactory(root)
  return {
    path,
    ...(runs === undefined ? {} : { runs: runs.line }),
    ...(app === undefined ? {} : { app }),
    ...(factory === undefined ? {} : { factory }),
  }
}

function isServerStart(call: CodeNode, app: string | undefined): boolean {
  const name = callee(call)
  return startsServer.test(name) && (believedRun.test(name) || name === `${app}.run`)
}

/** At module level, under `if __name__ == '__main__'`, or in a function called from there. */
function runsWhenExecuted(call: CodeNode, root: CodeNode, seen: ReadonlySet<string> = new Set()): boolean {
  const owner = enclosingFunction(call)
  if (owner === undefined) return true
  const name = fieldOf(owner, 'name')
  if (name === undefined || seen.has(textOf(name))) return false
  const callers = [...nodesUnder(root)].filter(
    (node) =>
      node.type === 'call' && callee(node).replace(/^.*\./, '') === textOf(name) && enclosingFunction(node) !== owner,
  )
  const passed = [...nodesUnder(root)].some(
    (node) => node.type === 'call' && /^asyncio\.run$/.test(callee(node)) && textOf(node).includes(`${textOf(name)}(`),
  )
  return passed || callers.some((caller) => runsWhenExecuted(caller, root, new Set([...seen, textOf(name)])))
}

function enclosingFunction(node: CodeNode): CodeNode | undefined {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (at.type === 'function_definition' || at.type === 'lambda') return at
  }
  return undefined
}

/** `app = Flask(__name__)` or `app = create_app()` at module level. */
function moduleApp(root: CodeNode): PythonEntry['app'] {
  const factories = new Map<string, string>()
  for (const node of nodesUnder(root)) {
    const name = node.type === 'function_definition' ? fieldOf(node, 'name') : undefined
    const made = name === undefined ? undefined : madeIn(node)
    if (name !== undefined && made !== undefined) factories.set(textOf(name), made)
  }
  for (const statement of topLevel(root)) {
    const assignment = statement.type === 'expression_statement' ? statement.children[0] : undefined
    const left = assignment?.type === 'assignment' ? fieldOf(assignment, 'left') : undefined
    const right = assignment?.type === 'assignment' ? fieldOf(assignment, 'right') : undefined
    if (left?.type !== 'identifier' || right?.type !== 'call') continue
    const name = callee(right)
    const made = constructors.exec(name)?.[1] ?? factories.get(name)
    if (made !== undefined) return { name: textOf(left), line: left.line, made }
    if (factoryNames.test(name) || /^get_[aw]sgi_application$/.test(name))
      return { name: textOf(left), line: left.line, made: '' }
  }
  return undefined
}

function appFactory(root: CodeNode): PythonEntry['factory'] {
  const found = topLevel(root).flatMap((node) => {
    const name = node.type === 'function_definition' ? fieldOf(node, 'name') : undefined
    const made = name === undefined ? undefined : madeIn(node)
    if (name === undefined || made === undefined || hasRequiredParameters(node)) return []
    return [{ name: textOf(name), line: node.line, made }]
  })
  return found.find(({ name }) => factoryNames.test(name)) ?? found[0]
}

/** The class of the app object a function makes and gives back. */
function madeIn(definition: CodeNode): string | undefined {
  const nodes = [...nodesUnder(definition)]
  if (!nodes.some(({ type }) => type === 'return_statement')) return undefined
  for (const node of nodes) {
    const made = node.type === 'call' ? constructors.exec(callee(node))?.[1] : undefined
    if (made !== undefined) return made
  }
  return undefined
}

function hasRequiredParameters(definition: CodeNode): boolean {
  return (fieldOf(definition, 'parameters')?.children ?? []).some(
    ({ type }) => type === 'identifier' || type === 'typed_parameter',
  )
}

/** Statements of the module and of its `if` and `try` blocks. */
function topLevel(root: CodeNode): CodeNode[] {
  return root.children.flatMap((node) =>
    /^(?:if_statement|try_statement|block|else_clause|except_clause|with_statement)$/.test(node.type)
      ? [...nodesUnder(node, ({ type }) => type !== 'function_definition' && type !== 'class_definition')]
      : [node],
  )
}

function callee(call: CodeNode): string {
  return textOf(fieldOf(call, 'function') ?? call)
}
