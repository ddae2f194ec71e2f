import type { Hit, PatternRule } from '../rule.ts'
import type { Binding, Call, Source } from '../source.ts'
import { keyword, literalOf, objectOf, positional, property } from '../values.ts'

/** Rules about template engines that escape nothing. */
export const autoescapeRules: readonly PatternRule[] = [
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
