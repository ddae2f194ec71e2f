import { indent, type Parts, type Scene, type Sink, type Source, type Treatment } from './sink.ts'
import { treatedUse } from './treatment.ts'

interface PythonFramework {
  readonly name: string
  readonly file: string
  readonly imports: readonly string[]
  readonly setup: string
  readonly request: string
  readonly deny: string
  readonly refuse: string
  sources(name: string): readonly Source[]
  answer(out: string): string
  handler(task: string, source: Source, body: string): string
}

const flask: PythonFramework = {
  name: 'flask',
  file: 'app.py',
  imports: ['from flask import Flask, abort, jsonify, redirect, render_template_string, request, send_file'],
  setup: 'app = Flask(__name__)',
  request: '',
  deny: 'abort(400)',
  refuse: 'abort(400)',
  sources: (name) => [
    { id: 'query', expression: `request.args.get("${name}", "")`, method: 'GET' },
    { id: 'form', expression: `request.form["${name}"]`, method: 'POST' },
    { id: 'json', expression: `request.get_json()["${name}"]`, method: 'POST' },
    { id: 'cookie', expression: `request.cookies.get("${name}", "")`, method: 'GET' },
    { id: 'values', expression: `request.values.get("${name}", "")`, method: 'GET' },
  ],
  answer: (out) => `return jsonify(result=${out})`,
  handler: (task, source, body) => {
    const methods = source.method === 'GET' ? '' : ', methods=["POST"]'
    return `@app.route("/${task.replaceAll('_', '-')}"${methods})\ndef ${task}():\n${indent(body, 4)}\n`
  },
}

const fastapi: PythonFramework = {
  name: 'fastapi',
  file: 'main.py',
  imports: [
    'from fastapi import Body, FastAPI, HTTPException, Query, Request',
    'from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse',
    'from pydantic import BaseModel',
  ],
  setup: 'app = FastAPI()',
  request: 'request',
  deny: 'raise HTTPException(status_code=400)',
  refuse: 'raise HTTPException(status_code=400)',
  sources: (name) => [
    { id: 'parameter', expression: name, method: 'GET', signature: `${name}: str = ""` },
    {
      id: 'request',
      expression: `request.query_params.get("${name}", "")`,
      method: 'GET',
      signature: 'request: Request',
    },
    {
      id: 'model',
      expression: `form.${name}`,
      method: 'POST',
      signature: 'form: Form',
      setup: `class Form(BaseModel):\n    ${name}: str\n    page: int = 1`,
    },
    { id: 'query', expression: name, method: 'GET', signature: `${name}: str = Query("", max_length=2000)` },
    { id: 'body', expression: name, method: 'POST', signature: `${name}: str = Body(embed=True)` },
  ],
  answer: (out) => `return {"result": ${out}}`,
  handler: (task, source, body) => {
    const head = `@app.${source.method.toLowerCase()}("/${task.replaceAll('_', '-')}")\nasync def ${task}(${source.signature}):`
    return `${head}\n${indent(body, 4)}\n`
  },
}

const django: PythonFramework = {
  name: 'django',
  file: 'views.py',
  imports: [
    'from django.core.exceptions import SuspiciousOperation',
    'from django.http import FileResponse, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, JsonResponse',
    'from django.views.decorators.http import require_GET, require_POST',
    'import json',
  ],
  setup: '',
  request: 'request',
  deny: 'return HttpResponseBadRequest()',
  refuse: 'raise SuspiciousOperation("unexpected value")',
  sources: (name) => [
    { id: 'query', expression: `request.GET.get("${name}", "")`, method: 'GET' },
    { id: 'form', expression: `request.POST["${name}"]`, method: 'POST' },
    { id: 'json', expression: `json.loads(request.body)["${name}"]`, method: 'POST' },
    { id: 'cookie', expression: `request.COOKIES.get("${name}", "")`, method: 'GET' },
  ],
  answer: (out) => `return JsonResponse({"result": ${out}})`,
  handler: (task, source, body) => `@require_${source.method}\ndef ${task}(request):\n${indent(body, 4)}\n`,
}

export const pythonFrameworks: readonly PythonFramework[] = [flask, fastapi, django]

/** The ways to write a text around a value; which one is taken changes nothing about its meaning. */
export function buildPython(template: string, value: string, n: number): string {
  const [before = '', after = ''] = template.split('{}')
  if (before === '' && after === '') return value
  const concatenated = [before && `"${before}"`, value, after && `"${after}"`].filter((part) => part !== '').join(' + ')
  const ways = [
    `f"${before}{${value}}${after}"`,
    concatenated,
    `"${before}%s${after}" % (${value},)`,
    `"${before}{}${after}".format(${value})`,
    `"".join([${[before && `"${before}"`, value, after && `"${after}"`].filter((part) => part !== '').join(', ')}])`,
  ]
  const allowed = value.includes('"') ? ways.slice(1) : ways
  return allowed[n % allowed.length] ?? concatenated
}

/** What flows see of one sink in one framework; with a treatment, the sink is only ever reached through it. */
export function pythonScene(
  framework: PythonFramework,
  sink: Sink,
  n: number,
  treatment?: Treatment,
): Scene | undefined {
  const sources = framework
    .sources(sink.name)
    .filter((source) => sink.sources === undefined || sink.sources.includes(source.id))
  const source = sources[n % sources.length]
  if (source === undefined) return undefined
  const v = sink.name
  const build = (value: string) => buildPython(sink.template, value, n)
  const call = (text: string) => sink.call.replaceAll('$Q', text).replaceAll('$DENY', framework.deny)
  const bare = (value: string) =>
    n % 3 === 1 || sink.template === '{}' ? call(build(value)) : `${sink.text} = ${build(value)}\n${call(sink.text)}`
  const assign = (name: string, value: string) => `${name} = ${value}`
  const preparedName = `prepared_${v}`
  const fill = (code: string, value: string = v) => code.replaceAll('$V', value).replaceAll('$DENY', framework.deny)
  const stage = { use: bare, fill, assign, preparedName }
  const context = (sink.needs ?? []).map((name) => `${name}, `).join('')
  return {
    sink,
    source,
    v,
    read: source.expression,
    request: framework.request,
    use: treatment === undefined ? bare : treatedUse(stage, treatment, v),
    build,
    call,
    answer: sink.out === undefined ? '' : framework.answer(sink.out),
    delegate: (code) =>
      sink.out === undefined ? `return ${code}` : `${sink.out} = ${code}\n${framework.answer(sink.out)}`,
    giveBack: sink.out === undefined ? '' : `return ${sink.out}`,
    fill,
    context,
    deny: framework.deny,
    refuse: framework.refuse,
    verb: `run_${sink.task}`.replace(/^run_(\w+?)_(\w+)$/, '$1_$2_for'),
    assign,
    preparedName,
    n,
  }
}

/** The files of a flow. */
export function pythonFiles(framework: PythonFramework, scene: Scene, parts: Parts): Record<string, string> {
  const { sink, source } = scene
  const own = [
    ...framework.imports,
    ...(source.imports ?? []),
    ...(sink.imports ?? []),
    ...(parts.imports ?? []),
    ...(parts.module === undefined ? [] : [`from ${parts.module.name} import ${publicNames(parts.module.code)}`]),
  ]
  const elsewhere = parts.module?.sink === true
  const code = [
    framework.setup,
    elsewhere ? '' : (sink.setup ?? ''),
    source.setup ?? '',
    parts.top ?? '',
    framework.handler(sink.task, source, tidy(parts.body)),
  ]
  const files: Record<string, string> = { [framework.file]: assemblePython(own, code) }
  if (parts.module !== undefined) {
    const imports = [...framework.imports, ...(elsewhere ? (sink.imports ?? []) : []), ...(parts.module.imports ?? [])]
    files[`${parts.module.name}.py`] = assemblePython(imports, [elsewhere ? (sink.setup ?? '') : '', parts.module.code])
  }
  if (framework.name === 'django') {
    const route = `urlpatterns = [path("${sink.task.replaceAll('_', '-')}/", views.${sink.task})]`
    files['urls.py'] = `from django.urls import path\n\nimport views\n\n${route}\n`
  }
  return files
}

/** Names other modules take from a module: its functions and classes, without those that only serve them. */
function publicNames(code: string): string {
  const names = [...code.matchAll(/^(?:async )?(?:def|class) ([A-Za-z]\w*)/gm)].map((match) => match[1] ?? '')
  return names.at(-1) ?? ''
}

export function assemblePython(imports: readonly string[], code: readonly string[]): string {
  const body = code
    .map((part) => tidy(part).replace(/\$!/g, '  #! sink'))
    .filter((part) => part !== '')
    .join('\n\n\n')
  const lines = [...new Set(imports)].map((line) => usedPart(line, body)).filter((line) => line !== '')
  const plain = lines.filter((line) => line.startsWith('import ')).sort()
  const from = lines.filter((line) => !line.startsWith('import ')).sort()
  return `${[...plain, ...from].join('\n')}\n\n${body}\n`
}

/** An import line without the names that the code does not use; empty when none is used. */
function usedPart(line: string, code: string): string {
  const uses = (name: string) => new RegExp(`(?<![\\w."'/-])${name}\\b`).test(code)
  const [, head, names] = /^(from \S+ import )(.+)$/.exec(line) ?? []
  if (head !== undefined && names !== undefined) {
    const used = names.split(', ').filter((name) => uses(name.replace(/^.* as /, '')))
    return used.length === 0 ? '' : head + used.join(', ')
  }
  const bound = line.replace(/^import /, '').replace(/^.* as /, '')
  return uses(bound.split('.')[0] ?? bound) ? line : ''
}

/** Without lines that assign a name to itself, and without blank ends. */
function tidy(code: string): string {
  return code
    .split('\n')
    .filter((line) => !/^\s*(\w+) = \1$/.test(line))
    .join('\n')
    .replace(/^\n+|\s+$/g, '')
}
