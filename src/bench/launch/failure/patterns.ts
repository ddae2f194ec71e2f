import type { LaunchFailure, LaunchFailureKind } from '../contract.ts'
import { nodePlace, nodeThrownAt, pythonPlace } from './places.ts'

/** What a line of output says is wrong. */
export interface Cause {
  readonly kind: LaunchFailureKind
  readonly message: string
  /** The package that is missing. */
  readonly package?: string
  readonly location?: LaunchFailure['location']
}

/** The line that fits, among the lines around it. */
export interface Sight {
  readonly lines: readonly string[]
  readonly at: number
  readonly paths: ReadonlySet<string>
}

interface CausePattern {
  readonly line: RegExp
  /** Says enough even when the process still runs: it waits for a database that is not there. */
  readonly telling?: true
  read(match: RegExpExecArray, sight: Sight): Cause | undefined
}

const environmentWords =
  /environment|env(?:iron)?\b|not set|must be set|is required|is missing|missing required|not configured|undefined|\.env\b/i
const variableName = /\b([A-Z][A-Z0-9]*_[A-Z0-9_]+|PORT|HOST)\b/
const databasePorts: Readonly<Record<string, string>> = {
  '5432': 'PostgreSQL',
  '3306': 'MySQL',
  '27017': 'MongoDB',
  '6379': 'Redis',
  '1433': 'SQL Server',
}

/** What runtimes, frameworks and drivers print, the most certain first. */
export const causePatterns: readonly CausePattern[] = [
  {
    line: /^(SyntaxError|IndentationError|TabError): (.*)$/,
    read([, kind = '', text = ''], sight) {
      const python = pythonPlace(sight)
      if (python !== undefined) return cause('syntax', `${kind} in ${placed(python)}: ${text}.`, python)
      const missingName = /^The requested module '([^']+)' (?:does not provide an export named|is)\b/.exec(text)
      const node = nodePlace(sight)
      if (missingName !== null) return cause('crash', `An import does not fit: ${text}.`, node)
      return node === undefined ? undefined : cause('syntax', `Syntax error in ${placed(node)}: ${text}.`, node)
    },
  },
  {
    line: /^ModuleNotFoundError: No module named '([\w.]+)'/,
    read([, module = ''], sight) {
      const place = pythonPlace(sight)
      const top = module.split('.')[0] ?? module
      const isOwn = [...sight.paths].some((path) => new RegExp(`(?:^|/)${top}(?:\\.py$|/)`).test(path))
      if (isOwn) return cause('crash', `Its own module ${module} is not found from where it is started.`, place)
      return missing(top, place)
    },
  },
  {
    line: /^(?:ImportError|AttributeError): (.*)$/,
    read([line, text = ''], sight) {
      const place = pythonPlace(sight)
      const missing = /(?:install|requires?)\s+(?:the\s+)?["'`]?([\w-]+)["'`]?(?:\s+(?:package|library))?/i.exec(text)
      if (
        /^ImportError/.test(line) &&
        missing !== null &&
        /pip install|install .* (?:package|library|extra)/i.test(text)
      )
        return cause('missing-package', `A package is missing: ${sentence(text)}`, place)
      return cause('crash', `${/^(\w+)/.exec(line)?.[1] ?? 'Error'}: ${sentence(text)}`, place)
    },
  },
  {
    line: /^(?:Error: )?.*\bCannot find (?:module|package) '([^']+)'(?: imported from (\S+))?/,
    read([, name = '', from], sight) {
      const place = ownPlace(from) ?? nodeThrownAt(sight)
      if (/^(?:\.{0,2}\/|\/app\b|file:)/.test(name)) {
        const own = name.replace(/^(?:file:\/\/)?\/app\//, '')
        return cause('crash', `A file it imports is not there: ${own}.`, place)
      }
      const parts = name.split('/')
      const top = name.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? name)
      return missing(top, place)
    },
  },
  {
    line: /(?:failed to resolve import|Could not resolve|Can't resolve|Module not found: .*?) ["']([^"'\s]+)["'](?:.*?(?:from|in) ["'](\/app\/[^"']+)["'])?/,
    read([, name = '', from]) {
      const place = ownPlace(from)
      if (/^[./~@]\/|^\.|^@\//.test(name)) return cause('build', `A file it imports is not there: ${name}.`, place)
      const top = name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/')
      return missing(top, place)
    },
  },
  {
    line: /^sh: (?:\d+: |line \d+: )?([\w./@-]+): (?:command )?not found/,
    read: ([, name = '']) => missing(name, undefined, 'command'),
  },
  {
    line: /\/python3?[\d.]*: No module named ([\w.]+)/,
    read: ([, name = '']) => missing(name, undefined),
  },
  {
    line: /Could not locate the bindings file|\bERR_DLOPEN_FAILED\b|invalid ELF header|was compiled against a different Node\.js version/,
    read(_match, sight) {
      const text = sight.lines.slice(sight.at, sight.at + 25).join('\n')
      const name = /node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//.exec(text)?.[1] ?? 'a package'
      return cause('missing-package', `The native part of ${name} is not built.`, nodeThrownAt(sight))
    },
  },
  {
    line: /^KeyError: '(\w+)'$/,
    read([, name = ''], sight) {
      const trace = sight.lines.slice(Math.max(0, sight.at - 12), sight.at).join('\n')
      const isEnvironment = /environ\b|<frozen os>|\/os\.py"|getenv|decouple|environs/.test(trace)
      const place = pythonPlace(sight)
      return isEnvironment
        ? cause('missing-environment', `It needs the environment variable ${name}.`, place)
        : cause('crash', `KeyError: '${name}'.`, place)
    },
  },
  {
    line: /^(?:decouple\.)?UndefinedValueError: (\w+) not found/,
    read: ([, name = ''], sight) =>
      cause('missing-environment', `It needs the environment variable ${name}.`, pythonPlace(sight)),
  },
  {
    line: /\b(?:connect|connection)\b.*\b(?:ECONNREFUSED)\b(?:.*?:(\d{2,5}))?|ECONNREFUSED (?:[\d.]+|::1|\[::1\]):(\d{2,5})/,
    telling: true,
    read([, one, other], sight) {
      const database = databasePorts[one ?? other ?? '']
      return database === undefined
        ? undefined
        : cause('database', `It expects ${database}, which does not answer.`, nodeThrownAt(sight))
    },
  },
  {
    line: /^(?:[\w.]*\.)?(OperationalError|InterfaceError|ServerSelectionTimeoutError|ConnectionFailure|ProgrammingError|DatabaseError|ArgumentError|NoSuchModuleError|MongooseServerSelectionError|SequelizeConnection\w*Error|PrismaClientInitializationError|SqliteError)\b:? ?(.*)$/,
    telling: true,
    read: ([, kind = '', text = ''], sight) =>
      cause(
        'database',
        `The database fails: ${kind}${text === '' ? '' : `: ${sentence(text)}`}`,
        pythonPlace(sight) ?? nodeThrownAt(sight),
      ),
  },
  {
    line: /^redis\.exceptions\.\w+: (.*)$/,
    telling: true,
    read: ([, text = ''], sight) => cause('database', `Redis fails: ${sentence(text)}`, pythonPlace(sight)),
  },
  {
    line: /MongooseServerSelectionError|MongoNetworkError|MongoServerSelectionError|SequelizeConnectionRefusedError|PrismaClientInitializationError/,
    telling: true,
    read: ([line], sight) => cause('database', `The database fails: ${sentence(line.trim())}`, nodeThrownAt(sight)),
  },
  {
    line: /SQLITE_CANTOPEN|unable to open database file/,
    read: (_match, sight) =>
      cause('database', 'Its SQLite file cannot be opened.', pythonPlace(sight) ?? nodeThrownAt(sight)),
  },
  {
    line: /(?:\[Errno 98\]|EADDRINUSE|Address already in use)(?:.*?:(\d{2,5}))?/,
    read: ([, port], sight) =>
      cause(
        'crash',
        port === undefined ? 'Its port is in use.' : `Its port ${port} is in use.`,
        pythonPlace(sight) ?? nodeThrownAt(sight),
      ),
  },
  {
    line: /.*JavaScript heap out of memory.*|^MemoryError\b|Cannot allocate memory|can't start new thread|\bEAGAIN\b.*fork|ENOSPC|No space left on device/,
    read: ([line]) => cause('limits', `It takes more than it may: ${sentence(line.trim())}`, undefined),
  },
  {
    line: /^(?:Uncaught )?(?:[\w.]*\.)?((?:[A-Z]\w*)?(?:Error|Exception|Exit|Configured)\w*)(?: \[\w+\])?: (.*)$/,
    read([, kind = '', text = ''], sight) {
      const place = pythonPlace(sight) ?? nodeThrownAt(sight)
      const variable = variableName.exec(text)?.[1]
      if (variable !== undefined && environmentWords.test(text))
        return cause('missing-environment', `It needs the environment variable ${variable}: ${sentence(text)}`, place)
      return cause('crash', `${kind}: ${sentence(text)}`, place)
    },
  },
  {
    line: /^(?!\s*(?:INFO|WARN|DEBUG))(.*)$/,
    read([, text = '']) {
      const variable = variableName.exec(text)?.[1]
      return variable !== undefined && /not set|must be set|is required|missing|not defined/i.test(text)
        ? cause(
            'missing-environment',
            `It needs the environment variable ${variable}: ${sentence(text.trim())}`,
            undefined,
          )
        : undefined
    },
  },
]

function cause(kind: LaunchFailureKind, message: string, location: LaunchFailure['location'] | undefined): Cause {
  return { kind, message, ...(location === undefined ? {} : { location }) }
}

function missing(name: string, location: LaunchFailure['location'] | undefined, what = 'package'): Cause {
  const how = what === 'package' ? 'is imported but not installed' : 'is not installed'
  return { ...cause('missing-package', `The ${what} ${name} ${how}.`, location), package: name }
}

function ownPlace(from: string | undefined): LaunchFailure['location'] | undefined {
  const path = /^(?:file:\/\/)?\/app\/((?!.*node_modules\/).+)$/.exec(from ?? '')?.[1]
  return path === undefined ? undefined : { path }
}

function placed({ path, line }: NonNullable<LaunchFailure['location']>): string {
  return line === undefined ? path : `${path}, line ${line}`
}

function sentence(text: string): string {
  const short = text.length > 300 ? `${text.slice(0, 300)}…` : text
  return /[.!?…]$/.test(short) ? short : `${short}.`
}
