import type { SyntaxNode } from '#bench/syntax'
import { isConstant } from '../constants.ts'
import { carriesAddress, carriesRequest } from '../request-data.ts'
import type { Hit, PatternRule } from '../rule.ts'
import type { Binding, Call, Source } from '../source.ts'
import { keyword, literalOf, objectOf, positional, property, resolve } from '../values.ts'

/** Rules about text that becomes commands, code or objects. */
export const executionRules: readonly PatternRule[] = [
  {
    id: 'command-through-shell',
    title: 'Shell command built from text',
    category: 'security',
    severity: 'high',
    confidence: 'medium',
    cwe: [78],
    defect: 'command-injection',
    why: 'A value containing `;` or `$( )` runs further commands with the rights of the server.',
    fix: 'Pass program and arguments as a list without a shell (subprocess.run([...]), execFile).',
    python: [
      {
        on: 'call',
        names: [
          'subprocess.run',
          'subprocess.call',
          'subprocess.check_call',
          'subprocess.check_output',
          'subprocess.Popen',
        ],
        match: pythonShell,
      },
      {
        on: 'call',
        names: [
          'os.system',
          'os.popen',
          'subprocess.getoutput',
          'subprocess.getstatusoutput',
          'commands.getoutput',
          'asyncio.create_subprocess_shell',
        ],
        match: firstNotConstant,
      },
    ],
    javascript: [
      {
        on: 'call',
        names: ['child_process.exec', 'child_process.execSync', 'shelljs.exec', 'execa.command', 'execa.execaCommand'],
        match: firstNotConstant,
      },
      {
        on: 'call',
        names: [
          'child_process.spawn',
          'child_process.spawnSync',
          'child_process.execFile',
          'child_process.execFileSync',
        ],
        match: spawnShell,
      },
    ],
  },
  {
    id: 'code-evaluation',
    title: 'Text evaluated as code',
    category: 'security',
    severity: 'medium',
    confidence: 'medium',
    cwe: [95],
    defect: 'code-injection',
    why: 'Whoever controls the text runs their own code with the rights of the program.',
    fix: 'Parse the input instead: ast.literal_eval or json.loads in Python, JSON.parse or a real expression parser in JavaScript.',
    python: [{ on: 'call', names: ['eval', 'exec', 'builtins.eval', 'builtins.exec'], match: evaluated }],
    javascript: [
      {
        on: 'call',
        names: [
          'eval',
          'window.eval',
          'globalThis.eval',
          'global.eval',
          'Function',
          'vm.runInNewContext',
          'vm.runInThisContext',
          'vm.runInContext',
          'vm.Script',
        ],
        match: evaluated,
      },
      {
        on: 'call',
        names: ['setTimeout', 'setInterval', 'window.setTimeout', 'window.setInterval'],
        match: evaluatedLater,
      },
    ],
  },
  {
    id: 'unsafe-deserialisation',
    title: 'Untrusted data deserialised into objects',
    category: 'security',
    severity: 'medium',
    confidence: 'medium',
    cwe: [502],
    defect: 'insecure-deserialization',
    why: 'These formats can hold code that runs while they are read.',
    fix: 'Use JSON, or yaml.safe_load; if pickles must be read, verify a signature first.',
    python: [
      {
        on: 'call',
        names: [
          'pickle.loads',
          'pickle.load',
          'cPickle.loads',
          'cPickle.load',
          'dill.loads',
          'dill.load',
          'cloudpickle.loads',
          'marshal.loads',
          'jsonpickle.decode',
          'pickle.Unpickler',
        ],
        match: unpickled,
      },
      { on: 'call', names: ['yaml.load', 'yaml.load_all', 'yaml.unsafe_load', 'yaml.full_load'], match: yamlLoad },
    ],
    javascript: [
      {
        on: 'call',
        names: ['node-serialize.unserialize', 'serialize.unserialize', 'funcster.deepDeserialize', 'cryo.parse'],
        match: unserialized,
      },
    ],
  },
  {
    id: 'template-from-text',
    title: 'Template built from text',
    category: 'security',
    severity: 'high',
    confidence: 'medium',
    cwe: [1336],
    defect: 'template-injection',
    why: 'Text that becomes a template can call into the server: in Jinja it is code execution.',
    fix: 'Keep the template constant and pass values as variables of the template.',
    python: [
      {
        on: 'call',
        names: ['flask.render_template_string', 'render_template_string', 'jinja2.Template', '*.from_string'],
        match: templateText,
      },
    ],
    javascript: [
      {
        on: 'call',
        names: [
          'ejs.render',
          'ejs.compile',
          'pug.render',
          'pug.compile',
          'handlebars.compile',
          'Handlebars.compile',
          'nunjucks.renderString',
          'lodash.template',
        ],
        match: templateFromRequest,
      },
    ],
  },
  {
    id: 'autoescape-off',
    title: 'Templates without automatic escaping',
    category: 'security',
    severity: 'medium',
    confidence: 'high',
    cwe: [79],
    defect: 'autoescape-off',
    why: 'Every value in every template is inserted as HTML, so any user text can carry a script.',
    fix: 'Create the environment with autoescape=select_autoescape().',
    python: [
      {
        on: 'call',
        names: ['jinja2.Environment', 'jinja2.sandbox.SandboxedEnvironment', 'jinja2.Template'],
        match: autoescape,
      },
      { on: 'binding', name: /^autoescape$/, match: autoescapeSetting },
    ],
    javascript: [
      {
        on: 'call',
        names: ['nunjucks.configure', 'nunjucks.Environment', 'handlebars.compile', 'Handlebars.compile'],
        match: scriptAutoescape,
      },
    ],
  },
]

function fromRequest(hit: Hit, node: SyntaxNode, source: Source): Hit {
  return carriesRequest(node, source) ? { ...hit, severity: 'critical', confidence: 'high' } : hit
}

function shown(node: SyntaxNode): string {
  return `\`${node.text.slice(0, 80).replace(/\s+/g, ' ')}\``
}

function pythonShell(call: Call, source: Source): Hit | undefined {
  if (literalOf(keyword(call, 'shell'), source)?.value !== true) return undefined
  return firstNotConstant(call, source)
}

function firstNotConstant(call: Call, source: Source): Hit | undefined {
  const command = positional(call)[0] ?? keyword(call, 'args')
  if (command === undefined || isConstant(command, source) || isQuoted(command)) return undefined
  return fromRequest({ node: call.node, message: `${shown(command)} is run by a shell.` }, command, source)
}

function isQuoted(command: SyntaxNode): boolean {
  return /\bshlex\.(?:quote|join)\(|shellescape|shell-quote/.test(command.text)
}

function spawnShell(call: Call, source: Source): Hit | undefined {
  const arguments_ = positional(call)
  const options = objectOf(arguments_.at(-1), source)
  if (options === undefined || literalOf(property(options, 'shell').value, source)?.value !== true) return undefined
  const command = arguments_.slice(0, -1).find((argument) => !isConstant(argument, source))
  return command === undefined
    ? undefined
    : fromRequest({ node: call.node, message: `${shown(command)} is run by a shell.` }, command, source)
}

function evaluated(call: Call, source: Source): Hit | undefined {
  const arguments_ = positional(call)
  const code = call.method === 'Function' ? arguments_.at(-1) : arguments_[0]
  if (code === undefined || isConstant(code, source)) return undefined
  return fromRequest({ node: call.node, message: `${shown(code)} is evaluated as code.` }, code, source)
}

function evaluatedLater(call: Call, source: Source): Hit | undefined {
  const code = positional(call)[0]
  if (code === undefined) return undefined
  if (carriesAddress(code, source))
    return {
      node: call.node,
      message: `${shown(code)}, which another page sends, is run as code.`,
      severity: 'high',
      confidence: 'high',
    }
  if (!/^(?:template_string|binary_expression|string)$/.test(code.type)) return undefined
  return isConstant(code, source)
    ? {
        node: call.node,
        message: `The text ${shown(code)} is run as code.`,
        severity: 'low',
        fix: 'Pass the function itself.',
      }
    : { node: call.node, message: `${shown(code)} is run as code.` }
}

/** `YAML(typ="safe")` of ruamel.yaml, also behind a name. */
function isSafeReader(call: Call, source: Source): boolean {
  const reader = call.callee.childForFieldName('object')
  const made = reader?.type === 'identifier' ? resolve(reader.text, reader, source).bindings : []
  return made.some(({ value }) => /^(?:[\w.]{1,40}\.)?YAML\(/.test(value.text) && !/unsafe/.test(value.text))
}

/** A pickle in a file of the program itself (`open('model.pkl', 'rb')`) is its own data. */
function unpickled(call: Call, source: Source): Hit | undefined {
  const data = positional(call)[0]
  if (data === undefined || isConstant(data, source) || /\bopen\(\s*(?:['"]|[A-Z_]+\b)/.test(data.text))
    return undefined
  if (
    data.type === 'identifier' &&
    new RegExp(`\\bopen\\(\\s*(?:[rb]?['"]|[A-Z][A-Z_]+\\b)[^)\\n]{0,200}\\)\\s+as\\s+${data.text}\\b`).test(
      source.text,
    )
  )
    return undefined
  return fromRequest(
    { node: call.node, message: `\`${call.callee.text}\` turns ${shown(data)} into objects.` },
    data,
    source,
  )
}

function yamlLoad(call: Call, source: Source): Hit | undefined {
  const loader = keyword(call, 'Loader') ?? positional(call)[1]
  if (call.method.startsWith('load') && loader !== undefined && /Safe|BaseLoader/.test(loader.text)) return undefined
  const data = positional(call)[0]
  if (data === undefined || isConstant(data, source) || isSafeReader(call, source)) return undefined
  return fromRequest(
    {
      node: call.node,
      message: `\`${call.callee.text}\` can create any Python object from ${shown(data)}.`,
      fix: 'Use yaml.safe_load.',
    },
    data,
    source,
  )
}

function unserialized(call: Call, source: Source): Hit | undefined {
  const data = positional(call)[0]
  return data === undefined || isConstant(data, source)
    ? undefined
    : { node: call.node, message: `${shown(data)} may hold functions that run at once.` }
}

function templateText(call: Call, source: Source): Hit | undefined {
  const text = positional(call)[0]
  if (text === undefined || isConstant(text, source)) return undefined
  // A template kept in a file of its own is what it should be.
  if (/\.read(?:_text)?\(\)$/.test(text.text) && !carriesRequest(text, source)) return undefined
  if (text.type === 'identifier' && !carriesRequest(text, source) && call.method !== 'render_template_string')
    return undefined
  return fromRequest({ node: call.node, message: `${shown(text)} is used as a template.` }, text, source)
}

function templateFromRequest(call: Call, source: Source): Hit | undefined {
  const text = positional(call)[0]
  if (text === undefined || !carriesRequest(text, source)) return undefined
  return { node: call.node, message: `${shown(text)} is used as a template.`, severity: 'critical' }
}

function autoescape(call: Call, source: Source): Hit | undefined {
  const value = keyword(call, 'autoescape')
  if (value === undefined) {
    if (call.method === 'Template' || !/html/i.test(call.arguments.text)) return undefined
    return {
      node: call.node,
      message: 'The environment does not escape unless asked to.',
      confidence: 'low',
      severity: 'low',
    }
  }
  if (literalOf(value, source)?.value !== false) return undefined
  return { node: call.node, message: 'Automatic escaping is switched off.' }
}

/** `app.jinja_env.autoescape = False`. */
function autoescapeSetting(binding: Binding, source: Source): Hit | undefined {
  if (
    binding.kind !== 'assignment' ||
    !binding.target.includes('.') ||
    literalOf(binding.value, source)?.value !== false
  )
    return undefined
  return { node: binding.node, message: `\`${binding.target}\` is switched off for all templates.` }
}

function scriptAutoescape(call: Call, source: Source): Hit | undefined {
  for (const argument of positional(call)) {
    const options = objectOf(argument, source)
    if (options === undefined) continue
    const off = literalOf(property(options, 'autoescape').value, source)?.value === false
    const noEscape = literalOf(property(options, 'noEscape').value, source)?.value === true
    if (off || noEscape) return { node: call.node, message: 'Automatic escaping is switched off.' }
  }
  return undefined
}
