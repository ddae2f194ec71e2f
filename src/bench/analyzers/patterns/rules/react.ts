import type { Hit, PatternRule } from '../rule.ts'
import type { Call, Source } from '../source.ts'
import { positional, resolve } from '../values.ts'

/** Rules about React that no linter without types sees. */
export const reactRules: readonly PatternRule[] = [
  {
    id: 'effect-without-dependencies',
    title: 'Effect that sets state runs after every render',
    category: 'quality',
    severity: 'medium',
    confidence: 'high',
    defect: 'missing-dependency-array',
    why: 'Setting state renders again, which runs the effect again: an endless loop, often of requests.',
    fix: 'Pass the list of values the effect depends on as second argument, [] for once.',
    javascript: [
      {
        on: 'call',
        names: ['react.useEffect', 'react.useLayoutEffect', 'useEffect', 'useLayoutEffect'],
        match: endlessEffect,
      },
    ],
  },
]

const setter = /(?<![.\w$])set(?!Timeout\b|Interval\b|Immediate\b)[A-Z][\w$]*\(/

function endlessEffect(call: Call, source: Source): Hit | undefined {
  const [effect, dependencies] = positional(call)
  if (effect === undefined || dependencies !== undefined || call.arguments.namedChildCount !== 1) return undefined
  const body = effect.text
  const found = setter.exec(body)?.[0] ?? calledFunctions(body).find((name) => setsState(name, call, source))
  if (found === undefined) return undefined
  return {
    node: call.node,
    message: `The effect calls \`${found.replace('(', '')}\`, which sets state, after every render.`,
  }
}

function calledFunctions(body: string): string[] {
  return [...body.slice(0, 5000).matchAll(/(?<![.\w$])([a-z][\w$]*)\(/g)].map((match) => match[1] ?? '')
}

function setsState(name: string, call: Call, source: Source): boolean {
  return resolve(name, call.node, source).bindings.some(
    ({ value }) =>
      /arrow_function|function_expression|call_expression/.test(value.type) && setter.test(value.text.slice(0, 5000)),
  )
}
