import type { Exchange } from '#bench/findings'
import { bodyOf, headerOf, isPage, statusOf, succeeded } from '../http/answer.ts'
import { draftOf } from '../http/request.ts'
import type { Lab } from '../lab.ts'
import { type Injected, injectedAs } from '../proof/markup.ts'
import type { AttackClass, Proof, Target, Trial } from '../proof.ts'
import { isAmong } from '../session/routes.ts'
import { valuesFor } from '../values.ts'
import { eachTarget, titleOf, usual } from './each-target.ts'

const families: readonly (readonly [name: string, write: (word: string, value: string) => string])[] = [
  ['element', (word) => `'"></title></textarea></script><${word}>`],
  ['bare element', (word, value) => `${value}<${word}>`],
  ['attribute', (word) => `a" ${word}="1`],
  ['quoted attribute', (word) => `a' ${word}='1`],
  ['address', (word) => `javascript:${word}`],
  ['script', (word) => `a';${word}//`],
  ['double-quoted script', (word) => `a";${word}//`],
]
const writes: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/**
 * Demands that a browser's parser makes of the text an element, an attribute, a script address or code of its own: in the answer to the
 * request, or later in a page that shows what was stored.
 */
export const crossSiteScripting: AttackClass = {
  id: 'cross-site-scripting',
  async attack(lab) {
    const targets = lab
      .targets()
      .filter(
        ({ parameter }) =>
          ['path', 'query', 'form', 'json', 'header', 'cookie'].includes(parameter.place) &&
          !/pass/i.test(parameter.name),
      )
    const reflected = await eachTarget(lab, {
      targets,
      nothing: 'The app takes no parameters.',
      attempt: (target) => reflects(lab, target),
    })
    const known = new Set(
      reflected.proofs.map(({ endpoint, parameter }) => `${endpoint.method} ${endpoint.path} ${parameter?.name}`),
    )
    const stored = await stores(
      lab,
      targets.filter(
        ({ endpoint, parameter }) =>
          writes.has(endpoint.method) && !known.has(`${endpoint.method} ${endpoint.path} ${parameter.name}`),
      ),
    )
    return { ...reflected, proofs: [...reflected.proofs, ...stored] } satisfies Trial
  },
}

async function reflects(lab: Lab, target: Target): Promise<Proof | undefined> {
  const first = lab.word()
  const plain = await lab.attempt(
    target,
    target.parameter.place === 'path' ? first : `${usual(lab, target)}${first}`,
    'sends a random word',
  )
  if (!bodyOf(plain).includes(first) || !isShown(plain)) return undefined
  for (const [family, write] of families) {
    const word = lab.word()
    const exchange = await lab.attempt(target, write(word, usual(lab, target)), 'sends markup')
    const as = isShown(exchange) ? injectedAs(bodyOf(exchange), word) : undefined
    if (as === undefined || defused(exchange)) continue
    return proofOf(target, as, family, [exchange], word, '')
  }
  return undefined
}

function proofOf(
  target: Target,
  as: Injected,
  family: string,
  exchanges: readonly Exchange[],
  word: string,
  where: string,
): Proof {
  const what = {
    element: 'an element',
    attribute: 'an attribute',
    address: 'the script behind a link',
    script: 'code of a script',
  }[as]
  return {
    rule: 'cross-site-scripting',
    ...target,
    message: `Text in ${titleOf(target)} becomes ${what} of the page${where}.`,
    exchanges,
    shows: word,
    family: `${where === '' ? 'reflected' : 'stored'}, ${as === 'script' ? scriptFamily(family) : family}`,
    confidence: 'medium',
  }
}

/** A quote that was meant to leave an attribute leaves the text of a script just as well. */
function scriptFamily(family: string): string {
  return family === 'attribute' || family === 'double-quoted script' ? 'double-quoted script' : 'script'
}

/** A page that a browser shows instead of going on. */
function isShown(exchange: Exchange): boolean {
  return isPage(exchange) && Math.floor(statusOf(exchange) / 100) !== 3
}

/** A policy that runs no script written into the page. */
function defused(exchange: Exchange): boolean {
  const policy = headerOf(exchange, 'content-security-policy') ?? ''
  const scripts = /(?:script-src|default-src)([^;]*)/.exec(policy)?.[1]
  return scripts !== undefined && !/unsafe-inline|\*|data:/.test(scripts)
}

/** Stores markup through every field, then looks at every page. */
async function stores(lab: Lab, targets: readonly Target[]): Promise<Proof[]> {
  const planted = new Map<string, { target: Target; exchange: Exchange; family: string }>()
  for (const [family, write] of families.slice(0, 3)) {
    for (const target of targets) {
      if (!lab.timeLeft()) break
      const word = lab.word()
      const exchange = await lab.attempt(target, write(word, usual(lab, target)), 'stores markup')
      if (succeeded(exchange)) planted.set(word, { target, exchange, family })
    }
  }
  if (planted.size === 0) return []
  const proofs = new Map<string, Proof>()
  for (const page of await pagesOf(lab)) {
    const body = bodyOf(page)
    for (const [word, { target, exchange, family }] of planted) {
      if (!body.includes(word)) continue
      const as = injectedAs(body, word)
      const key = `${target.endpoint.method} ${target.endpoint.path} ${target.parameter.name}`
      if (as === undefined || proofs.has(key) || defused(page)) continue
      proofs.set(key, proofOf(target, as, family, [exchange, page], word, ` at ${new URL(page.request.url).pathname}`))
    }
  }
  return [...proofs.values()]
}

/** Every page that can be looked at. */
async function pagesOf(lab: Lab): Promise<Exchange[]> {
  const pages: Exchange[] = []
  for (const endpoint of lab.endpoints.filter(({ method }) => method === 'GET')) {
    if (isAmong(endpoint, lab.accounts.logout)) continue
    const ids = endpoint.path.includes(':')
      ? lab.parts.ids.idsOf(endpoint.path.slice(0, endpoint.path.indexOf('/:'))).slice(0, 6)
      : ['']
    for (const id of ids) {
      const values = valuesFor(endpoint, lab.visitor.person, lab.word(), { idsOf: () => [id] })
      const draft = draftOf(
        { ...endpoint, parameters: endpoint.parameters.filter(({ place }) => place === 'path') },
        values,
      )
      const page = await lab.parts.client.send(draft, { purpose: 'looks at what was stored', visitor: lab.visitor })
      if (isShown(page)) pages.push(page)
    }
  }
  return pages
}
