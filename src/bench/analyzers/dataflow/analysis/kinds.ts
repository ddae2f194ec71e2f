/**
 * What text from outside is still dangerous for. A label carries a set of these; sanitizers and guards take some away.
 * Some dangers are split so that half a check is seen as half a check: a path may climb (`..`) or be absolute; an
 * address may name a host or start with two slashes; LDAP filters and names are escaped differently.
 */
export const kindNames = [
  'sql',
  'shell',
  'code',
  'template',
  'html',
  'path-climb',
  'path-absolute',
  'redirect-host',
  'redirect-slashes',
  'ssrf',
  'script-url',
  'nosql',
  'ldap-filter',
  'ldap-name',
  'xpath',
  'xml',
  'header',
  'log',
  'regex',
  'deserialise',
  'property',
  'fields',
  'trust',
  'upload',
  'origin',
  // Not of text from outside, but of values the program itself makes badly.
  'guessable',
  'digest',
  'detail',
  'secret',
  // Nobody can guess it: what it is mixed with cannot be guessed either.
  'fresh',
] as const
export type Kind = (typeof kindNames)[number]
/** A set of kinds, as bits. */
export type Kinds = number

export const noKinds: Kinds = 0
export const allKinds: Kinds = (1 << kindNames.length) - 1
/** What text from outside is dangerous for: every kind but those of values the program makes. */
export const outsideKinds: Kinds = (1 << kindNames.indexOf('guessable')) - 1

/** How a value was made stays true of it in any other form: hashed, cut, counted, made a number. */
export const lastingKinds: Kinds = (['guessable', 'digest', 'fresh'] as const)
  .map((name) => 1 << kindNames.indexOf(name))
  .reduce((all, each) => all | each, noKinds)

/** Short names for kinds that go together. */
const groups: Readonly<Record<string, readonly Kind[]>> = {
  path: ['path-climb', 'path-absolute'],
  redirect: ['redirect-host', 'redirect-slashes'],
  url: ['redirect-host', 'redirect-slashes', 'ssrf', 'script-url'],
  ldap: ['ldap-filter', 'ldap-name'],
  structure: ['nosql', 'property', 'fields'],
}
/** `all`: what no form of the text is dangerous for any more; {@link lastingKinds} stay. */
export type KindName = Kind | 'path' | 'redirect' | 'url' | 'ldap' | 'structure' | 'all'

/** The set of the named kinds. */
export function kindsOf(...names: readonly KindName[]): Kinds {
  let kinds = noKinds
  for (const name of names) {
    if (name === 'all') kinds |= allKinds & ~lastingKinds
    else for (const each of groups[name] ?? [name]) kinds |= 1 << kindNames.indexOf(each as Kind)
  }
  return kinds
}

/**
 * The characters without which text is harmless for a kind. A value that can hold none of them has lost the kind. The
 * sets are generous: a character is listed when any common dialect gives it a meaning.
 */
const needed: Readonly<Partial<Record<Kind, string>>> = {
  sql: '\'"`;()-/*\\= \t\n,',
  shell: ';|&$`<>()\n\\\'"*?[]{}~! \t#',
  code: '()[].+\'"`\n ;=',
  template: '{}%<>$#',
  html: '<>"\'`=',
  'path-climb': '/\\',
  'path-absolute': '/\\',
  'redirect-host': ':/\\',
  'redirect-slashes': '/\\',
  ssrf: ':/\\.@',
  'script-url': ':',
  'ldap-filter': '()*\\',
  'ldap-name': ',+"\\<>;=#',
  xpath: '\'"()[]/=|',
  xml: '<>&\'"',
  header: '\r\n',
  log: '\r\n',
  regex: '()[]{}+*?|\\',
  upload: './\\',
}

/** The kinds that text made only of the allowed characters cannot be dangerous for. */
export function harmlessFor(allowed: (character: string) => boolean): Kinds {
  let kinds = kindsOf('structure', 'deserialise')
  for (const [kind, characters] of Object.entries(needed)) {
    if (![...characters].some(allowed)) kinds |= kindsOf(kind as Kind)
  }
  return kinds
}
