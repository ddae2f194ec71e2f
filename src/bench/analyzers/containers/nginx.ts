import type { ContainerHit } from './hit.ts'
import { type Directive, parseNginx } from './nginx-parser.ts'

/** Checks an nginx configuration. */
export function checkNginx(text: string): { readonly hits: ContainerHit[]; readonly errors: readonly string[] } {
  const { directives, errors } = parseNginx(text)
  const hits: ContainerHit[] = []
  visit(directives, [], hits)
  return { hits, errors }
}

function visit(directives: readonly Directive[], around: readonly Directive[], hits: ContainerHit[]): void {
  for (const directive of directives) {
    const found = defectOf(directive, around, directives)
    if (found !== undefined) hits.push({ start: directive.start, end: directive.end, ...found })
    if (directive.block !== undefined && around.length < 50) visit(directive.block, [...around, directive], hits)
  }
}

function defectOf(
  directive: Directive,
  around: readonly Directive[],
  siblings: readonly Directive[],
): Omit<ContainerHit, 'start' | 'end'> | undefined {
  const { name, parameters } = directive
  const [first = ''] = parameters
  switch (name) {
    case 'autoindex':
      return first === 'on'
        ? { rule: 'directory-listing', message: 'Folders without an index page are listed.' }
        : undefined
    case 'server_tokens':
      return first === 'on'
        ? { rule: 'server-version-shown', message: 'The version of nginx is in every answer.' }
        : undefined
    case 'alias':
      return aliasDefect(first, around.at(-1))
    case 'ssl_protocols': {
      const old = parameters.filter((each) => /^(?:SSLv[23]|TLSv1|TLSv1\.1)$/.test(each))
      return old.length > 0
        ? { rule: 'weak-tls-version', message: `${old.join(' and ')} can still be used.` }
        : undefined
    }
    case 'ssl_ciphers': {
      const weak = first
        .split(':')
        .filter((each) => /^(?:RC4|DES|3DES|EXP|EXPORT|NULL|aNULL|eNULL|LOW|MD5|ALL)\b/.test(each))
      return weak.length > 0 ? { rule: 'weak-tls-cipher', message: `${weak.join(', ')} may be used.` } : undefined
    }
    case 'add_header':
      return corsDefect(parameters, siblings)
    case 'proxy_pass':
      return /^https?:\/\/\$(?:arg_|http_|cookie_|request_uri|1\b)/.test(first)
        ? { rule: 'proxy-target-from-request', message: `The client decides what \`${first}\` is.` }
        : undefined
    case 'return': {
      const target = parameters[1] ?? ''
      return /^3\d\d$/.test(first) && /^\$(?:arg_|cookie_)|^https?:\/\/\$(?:arg_|cookie_)/.test(target)
        ? { rule: 'redirect-from-request', message: `The client decides where \`${target}\` leads.` }
        : undefined
    }
    default:
      return undefined
  }
}

/** `location /static { alias /app/static/; }`: `/static../` becomes `/app/static/../`. */
function aliasDefect(target: string, location: Directive | undefined): Omit<ContainerHit, 'start' | 'end'> | undefined {
  if (location?.name !== 'location' || !target.endsWith('/')) return undefined
  const [first = '', second] = location.parameters
  const prefix = first === '^~' ? second : second === undefined ? first : undefined
  if (prefix === undefined || prefix.endsWith('/') || prefix.startsWith('@')) return undefined
  return {
    rule: 'alias-traversal',
    message: `\`${prefix}\` has no slash at its end, \`${target}\` has one.`,
    subject: prefix,
  }
}

function corsDefect(
  parameters: readonly string[],
  siblings: readonly Directive[],
): Omit<ContainerHit, 'start' | 'end'> | undefined {
  const [header = '', value = ''] = parameters
  if (header.toLowerCase() !== 'access-control-allow-origin' || (value !== '*' && value !== '$http_origin'))
    return undefined
  const credentials = siblings.some(
    ({ name, parameters: [other = '', given = ''] }) =>
      name === 'add_header' && other.toLowerCase() === 'access-control-allow-credentials' && given === 'true',
  )
  return {
    rule: 'cors-any-origin',
    message: `${value === '*' ? 'Every origin may read the answers' : 'The origin of every request is reflected'}${credentials ? ', with credentials' : ''}.`,
    ...(credentials && value === '$http_origin' ? { severity: 'high' as const } : {}),
  }
}
