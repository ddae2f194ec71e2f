/**
 * Runs first in every Node of a watched app: writes down what it opens, starts, asks, connects to and evaluates. One JSON object a line
 * goes to the file named by ASSAY_OBSERVED. What the app calls is passed on unchanged.
 */
import childProcess from 'node:child_process'
import fs from 'node:fs'
import { createRequire, registerHooks, syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import path from 'node:path'
import vm from 'node:vm'

type Kind = 'file-read' | 'file-write' | 'process' | 'query' | 'connect' | 'evaluate'
// biome-ignore lint/suspicious/noExplicitAny: functions of every shape are wrapped, and called as they were
type Any = any

const limit = 20_000
const detailLength = 2_000
const quiet = /^\/(?:usr|lib|run\/packages|run\/assay|proc|dev|sys)|\/node_modules\/|^\/etc\/(?:ssl|localtime)/

const record = process.env['ASSAY_OBSERVED']
const { openSync, writeSync } = fs
let left = limit
let busy = false

if (record !== undefined && record !== '') observe(openSync(record, 'a', 0o666))

function observe(descriptor: number): void {
  const write = (kind: Kind, detail: string): void => {
    if (left <= 0 || detail === '') return
    left -= 1
    try {
      writeSync(descriptor, `${JSON.stringify({ kind, detail: detail.slice(0, detailLength), at: Date.now() })}\n`)
    } catch {
      // The disk of the sandbox is full: the app must not notice.
      left = 0
    }
  }
  files(write)
  processes(write)
  connections(write)
  evaluation(write)
  drivers(write)
  syncBuiltinESMExports()
}

type Write = (kind: Kind, detail: string) => void

/** Puts `see` before a function of an object; what one watched function calls inside is not told twice. */
function before(target: Any, name: string, see: (values: Any[], self: Any) => void): void {
  const original = target?.[name]
  if (typeof original !== 'function') return
  const watched = function (this: Any, ...values: Any[]): Any {
    if (busy) return new.target ? Reflect.construct(original, values, new.target) : original.apply(this, values)
    busy = true
    try {
      see(values, this)
    } catch {
      // What cannot be described is not described; the app goes on.
    }
    try {
      return new.target ? Reflect.construct(original, values, new.target) : original.apply(this, values)
    } finally {
      busy = false
    }
  }
  Object.defineProperties(watched, Object.getOwnPropertyDescriptors(original))
  target[name] = watched
}

function files(write: Write): void {
  const place = (value: Any): string => {
    if (typeof value === 'number' || value === undefined || value === null) return ''
    const text = value instanceof URL ? value.pathname : String(value)
    const whole = path.resolve(text)
    return quiet.test(whole) ? '' : whole
  }
  const reads = ['readFile', 'createReadStream', 'readdir', 'opendir', 'readlink']
  const writes = [
    'writeFile',
    'appendFile',
    'createWriteStream',
    'unlink',
    'mkdir',
    'rmdir',
    'rm',
    'truncate',
    'mkdtemp',
  ]
  const pairs = ['rename', 'copyFile', 'symlink', 'link', 'cp']
  for (const api of [fs, fs.promises]) {
    for (const name of reads.flatMap(both)) before(api, name, ([file]) => write('file-read', place(file)))
    for (const name of writes.flatMap(both)) before(api, name, ([file]) => write('file-write', place(file)))
    for (const name of pairs.flatMap(both))
      before(api, name, ([from, to]) => write('file-write', `${String(from)} -> ${String(to)}`))
    for (const name of both('open')) {
      before(api, name, ([file, flags]) =>
        write(typeof flags === 'string' && /[wa+]/.test(flags) ? 'file-write' : 'file-read', place(file)),
      )
    }
  }
}

function both(name: string): string[] {
  return [name, `${name}Sync`]
}

function processes(write: Write): void {
  before(childProcess.ChildProcess.prototype, 'spawn', ([options]) =>
    write('process', [options?.file, ...(options?.args ?? []).slice(1)].join(' ')),
  )
  const api: Any = childProcess
  for (const name of ['spawnSync', 'execFileSync']) {
    before(api, name, ([file, words]) => write('process', [file, ...(Array.isArray(words) ? words : [])].join(' ')))
  }
  before(api, 'execSync', ([command]) => write('process', String(command)))
}

function connections(write: Write): void {
  before(net.Socket.prototype, 'connect', ([first, second]) => {
    const options = Array.isArray(first) ? first[0] : first
    if (typeof options === 'object' && options !== null) {
      write('connect', options.path ?? `${options.host ?? 'localhost'}:${options.port}`)
    } else if (typeof options === 'string' && !/^\d+$/.test(options)) write('connect', options)
    else write('connect', `${typeof second === 'string' ? second : 'localhost'}:${options}`)
  })
}

function evaluation(write: Write): void {
  for (const name of ['runInThisContext', 'runInNewContext', 'runInContext', 'compileFunction', 'Script']) {
    before(vm, name, ([code]) => write('evaluate', String(code)))
  }
  const original = globalThis.Function
  globalThis.Function = new Proxy(original, {
    apply(target, self, values) {
      write('evaluate', values.map(String).join(', '))
      return Reflect.apply(target, self, values)
    },
    construct(target, values, newTarget) {
      write('evaluate', values.map(String).join(', '))
      return Reflect.construct(target, values, newTarget)
    },
  })
}

/** Statements of databases, by the package whose functions take them. */
function drivers(write: Write): void {
  const statement = ([text]: Any[]): void =>
    write('query', typeof text === 'string' ? text : (text?.text ?? text?.sql ?? ''))
  const filter = (values: Any[], self: Any): void =>
    write('query', `${self?.collectionName ?? self?.modelName ?? ''} ${JSON.stringify(values.slice(0, 2))}`)
  const collection = [
    'find',
    'findOne',
    'insertOne',
    'insertMany',
    'updateOne',
    'updateMany',
    'deleteOne',
    'deleteMany',
    'aggregate',
    'findOneAndUpdate',
    'countDocuments',
  ]
  const executing = ['run', 'get', 'all', 'iterate']
  const prepared = (values: Any[], self: Any): void => {
    const given = values.length === 0 ? '' : ` -- ${JSON.stringify(values)}`
    write('query', `${self?.sourceSQL ?? self?.source ?? ''}${given}`)
  }
  const known: Readonly<Record<string, (module: Any) => void>> = {
    'node:sqlite': ({ DatabaseSync, StatementSync }) => {
      before(DatabaseSync.prototype, 'exec', statement)
      for (const name of executing) before(StatementSync.prototype, name, prepared)
    },
    'better-sqlite3': (Database) => {
      before(Database.prototype, 'exec', statement)
      const prototype = Object.getPrototypeOf(new Database(':memory:').prepare('SELECT 1'))
      for (const name of executing) before(prototype, name, prepared)
    },
    sqlite3: ({ Database }) => {
      for (const name of ['run', 'get', 'all', 'each', 'exec', 'prepare']) before(Database.prototype, name, statement)
    },
    pg: ({ Client }) => before(Client.prototype, 'query', statement),
    mongodb: ({ Collection }) => {
      for (const name of collection) before(Collection.prototype, name, filter)
    },
  }
  const done = new Set<string>()
  const watch = (name: string, from: string): void => {
    const wrap = known[name]
    if (wrap === undefined || done.has(name)) return
    done.add(name)
    const load = (): void => {
      try {
        wrap(createRequire(from)(name))
      } catch {
        // It cannot be loaded from here: its statements are not seen.
      }
    }
    // What is built in is there already; a package is loaded by the app first.
    if (name.startsWith('node:')) load()
    else setImmediate(load)
  }
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      const name = specifier === 'sqlite' ? 'node:sqlite' : specifier
      watch(name, context.parentURL ?? 'file:///app/x.js')
      return found
    },
  })
}
