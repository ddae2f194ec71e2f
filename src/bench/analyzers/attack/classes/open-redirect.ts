import type { Exchange } from '#bench/findings'
import { bodyOf, isPage, redirectOf } from '../http/answer.ts'
import { elementsOf } from '../http/html.ts'
import type { Lab } from '../lab.ts'
import type { AttackClass, Proof, Target } from '../proof.ts'
import { eachTarget, targetsFor, titleOf } from './each-target.ts'

const words = /redirect|[Ll]ocation|writeHead\s*\(\s*30|http-equiv/

const families: readonly (readonly [name: string, write: (host: string) => string])[] = [
  ['address', (host) => `https://${host}/`],
  ['without scheme', (host) => `//${host}/`],
  ['backslash', (host) => `/\\${host}/`],
  ['user before host', (host) => `https://localhost@${host}/`],
  ['more slashes', (host) => `https:///${host}/`],
]

/** Demands that the answer leads a browser to a host of a random name, twice with different names. */
export const openRedirect: AttackClass = {
  id: 'open-redirect',
  attack: (lab) =>
    eachTarget(lab, {
      targets: targetsFor(lab, {
        code: words,
        names: /url|uri|next|redirect|return|continue|dest|target|goto|link|to$|from|back|path|page|ref/i,
        except: /pass|email/i,
      }),
      nothing: 'The code of the app redirects nowhere, or takes no parameters.',
      attempt: (target) => attempt(lab, target),
    }),
}

async function attempt(lab: Lab, target: Target): Promise<Proof | undefined> {
  for (const [family, write] of families) {
    const first = `${lab.word()}.example`
    const exchange = await lab.attempt(target, write(first), 'names another site')
    if (leadsTo(exchange) !== first) continue
    const second = `${lab.word()}.example`
    const again = await lab.attempt(target, write(second), 'names a second site')
    if (leadsTo(again) !== second) continue
    return {
      rule: 'open-redirect',
      ...target,
      message: `The answer leads to whatever site ${titleOf(target)} names.`,
      exchanges: [exchange, again],
      shows: first,
      family,
    }
  }
  return undefined
}

/** The host a browser ends up at, by the status line or by the page's own refresh. */
export function leadsTo(exchange: Exchange): string | undefined {
  const redirect = redirectOf(exchange)
  if (redirect !== undefined) return /^https?:$/.test(redirect.protocol) ? redirect.hostname : undefined
  if (!isPage(exchange)) return undefined
  const refresh = elementsOf(bodyOf(exchange)).find(
    ({ name, attributes }) => name === 'meta' && attributes.get('http-equiv')?.toLowerCase() === 'refresh',
  )
  const address = /url\s*=\s*['"]?([^'"]+)/i.exec(refresh?.attributes.get('content') ?? '')?.[1]
  if (address === undefined || !URL.canParse(address, exchange.request.url)) return undefined
  return new URL(address, exchange.request.url).hostname
}
