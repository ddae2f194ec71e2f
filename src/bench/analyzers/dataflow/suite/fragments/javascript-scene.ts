import type { JavaScriptFramework } from './javascript-frameworks.ts'
import { indent, type Parts, type Scene, type Sink, type Source, type Treatment } from './sink.ts'
import { treatedUse } from './treatment.ts'

/** A scene in JavaScript or TypeScript. */
export interface JavaScriptScene extends Scene {
  readonly commonJs: boolean
  /** `: string` where types are written. */
  readonly text: string
  /** A function that holds the sink. */
  sinkFunction(name: string, parameter: string, value?: string): string
  /** `async ` and `await ` when the sink waits. */
  readonly async: string
  readonly await: string
  /** A type annotation where types are written. */
  type(name: string): string
  readonly framework: JavaScriptFramework
}

const literal = (text: string) => (text.includes("'") ? `"${text}"` : `'${text}'`)
const camel = (name: string) => name.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase())

/** The ways to write a text around a value; which one is taken changes nothing about its meaning. */
export function buildJavaScript(template: string, value: string, n: number): string {
  const [before = '', after = ''] = template.split('{}')
  if (before === '' && after === '') return value
  const simple = /^[\w.#[\]'"]+$/.test(value) ? value : `(${value})`
  const pieces = [before && literal(before), simple, after && literal(after)].filter((piece) => piece !== '')
  const ways = [
    `\`${before}\${${value}}${after}\``,
    pieces.join(' + '),
    `[${pieces.join(', ')}].join('')`,
    `${literal(`${before}%value%${after}`)}.replace('%value%', () => ${value})`,
    `${before === '' ? "''" : literal(before)}.concat(${value}${after === '' ? '' : `, ${literal(after)}`})`,
  ]
  return ways[[0, 1, 0, 2, 0, 1, 3, 4][n % 8] ?? 0] ?? pieces.join(' + ')
}

/** What flows see of one sink in one framework; with a treatment, the sink is only ever reached through it. */
export function javascriptScene(
  framework: JavaScriptFramework,
  sink: Sink,
  n: number,
  treatment?: Treatment,
): JavaScriptScene | undefined {
  const sources = framework
    .sources(sink.name)
    .filter((source) => sink.sources === undefined || sink.sources.includes(source.id))
  const source = sources[n % sources.length]
  if (source === undefined) return undefined
  const v = sink.name
  const build = (value: string) => buildJavaScript(sink.template, value, n)
  const call = (text: string) => sink.call.replaceAll('$Q', text).replaceAll('$DENY', framework.deny)
  const bare = (value: string) =>
    n % 3 === 1 || sink.template === '{}'
      ? call(build(value))
      : `const ${sink.text} = ${build(value)}\n${call(sink.text)}`
  const assign = (name: string, value: string) => `const ${name} = ${value}`
  const preparedName = camel(`prepared_${v}`)
  const fill = (code: string, value: string = v) => code.replaceAll('$V', value).replaceAll('$DENY', framework.deny)
  const stage = { use: bare, fill, assign, preparedName }
  const use = treatment === undefined ? bare : treatedUse(stage, treatment, v)
  const type = (name: string) => (framework.typed ? `: ${name}` : '')
  const needs = sink.needs ?? []
  const context = needs.map((name) => `${name}, `).join('')
  const parameters = needs.map((name) => `${name}${type(framework.types[name] ?? 'unknown')}, `).join('')
  const waiting = sink.waits ? 'async ' : ''
  const awaiting = sink.waits ? 'await ' : ''
  const answer = sink.out === undefined ? '' : framework.answer(sink.out)
  const giveBack = sink.out === undefined ? '' : `return ${sink.out}`
  const verb = camel(`run_${sink.task}`.replace(/^run_(\w+?)_(\w+)$/, '$1_$2_for'))
  return {
    sink,
    source,
    v,
    read: source.expression,
    request: framework.request,
    use,
    build,
    call,
    answer,
    delegate: (code) => {
      if (sink.out !== undefined) return `const ${sink.out} = ${awaiting}${code}\n${answer}`
      return framework.returns ? `return ${code}` : `${awaiting}${code}`
    },
    giveBack,
    fill,
    context,
    deny: framework.deny,
    refuse: "throw new Error('unexpected value')",
    verb,
    assign,
    preparedName,
    n,
    commonJs: framework.commonJs && n % 2 === 0,
    text: type('string'),
    sinkFunction: (name, parameter, value = parameter) =>
      `${waiting}function ${name}(${parameters}${parameter}${type('string')}) {\n${indent(`${use(value)}\n${giveBack}`, 2).trimEnd()}\n}`,
    async: waiting,
    await: awaiting,
    type,
    framework,
  }
}

/** The files of a flow. */
export function javascriptFiles(scene: JavaScriptScene, parts: Parts): Record<string, string> {
  const { sink, framework, source } = scene
  const { module } = parts
  const elsewhere = module?.sink === true
  const own = [...framework.imports, ...(sink.imports ?? []), ...(parts.imports ?? [])]
  const path = framework.file(sink.task)
  const extension = path.slice(path.lastIndexOf('.'))
  if (module !== undefined)
    own.push(`import { ${exportedNames(module.code)} } from './${module.name}${framework.neighbour}'`)
  const body = indent(parts.body.replace(/\n+/g, '\n').trimEnd(), 2)
  const code = [
    framework.setup,
    elsewhere ? '' : (sink.setup ?? ''),
    parts.top ?? '',
    framework.handler(camel(sink.task), sink.task, wholeBody(source, body), body),
  ]
  const files: Record<string, string> = { [path]: assembleJavaScript(own, code, scene.commonJs) }
  if (module !== undefined) {
    const imports = [
      ...framework.imports.slice(1),
      ...(elsewhere ? (sink.imports ?? []) : []),
      ...(module.imports ?? []),
    ]
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    const shared = elsewhere ? (sink.setup ?? '') : ''
    files[`${folder}${module.name}${extension}`] = assembleJavaScript(imports, [shared, module.code], scene.commonJs)
  }
  return files
}

/** A request body with more fields than the one input has a wider type. */
function wholeBody(source: Source, body: string): Source {
  const fields = body.match(/request\.body/g)?.length ?? 0
  if (source.id !== 'body' || source.signature === undefined || fields === 0) return source
  const oneField = fields === 1 && body.includes(source.expression)
  return oneField ? source : { ...source, signature: 'Body: Record<string, string>' }
}

function exportedNames(code: string): string {
  return [...code.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)].map((match) => match[1]).join(', ')
}

export function assembleJavaScript(imports: readonly string[], code: readonly string[], commonJs: boolean): string {
  let body = code
    .map((part) =>
      part
        .replace(/\$!/g, '  //! sink')
        .replace(/\n{3,}/g, '\n\n')
        .replace(/^\n+|\s+$/g, ''),
    )
    .filter((part) => part !== '')
    .join('\n\n')
  const lines = [...new Set(imports)].map((line) => usedPart(line, body)).filter((line) => line !== '')
  if (!commonJs) return `${lines.join('\n')}${lines.length > 0 ? '\n\n' : ''}${body}\n`
  const names = exportedNames(body)
  body = body.replace(/^export /gm, '')
  if (names !== '') body += `\n\nmodule.exports = { ${names} }`
  return `${lines.map(required).join('\n')}${lines.length > 0 ? '\n\n' : ''}${body}\n`
}

/** The same import with `require`. */
function required(line: string): string {
  const [, names, from] = /^import (.+) from (.+)$/.exec(line) ?? []
  return `const ${(names ?? '').replace('* as ', '').replace(/ as /g, ': ')} = require(${from ?? ''})`
}

/** An import line without the names that the code does not use; empty when none is used. */
function usedPart(line: string, code: string): string {
  const uses = (name: string) => new RegExp(`(?<![\\w."'/-])${name.replace('$', '\\$')}(?![\\w'])`).test(code)
  const [, head, names, tail] = /^(import (?:type )?\{ )(.+)( \} from .+)$/.exec(line) ?? []
  if (head !== undefined && names !== undefined && tail !== undefined) {
    const used = names.split(', ').filter((name) => uses(name.replace(/^type /, '').replace(/^.* as /, '')))
    return used.length === 0 ? '' : head + used.join(', ') + tail
  }
  const bound = /^import (?:\* as )?(\w+) from/.exec(line)?.[1] ?? ''
  return bound === '' || uses(bound) ? line : ''
}
