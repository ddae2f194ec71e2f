import { bodyOf, refused, succeeded } from '../http/answer.ts'
import type { Json } from '../http/request.ts'
import { draftOf, parameterKey } from '../http/request.ts'
import { isToken } from '../inventory/from-page.ts'
import type { Lab } from '../lab.ts'
import type { AttackClass, Proof, Trial } from '../proof.ts'
import { valuesFor } from '../values.ts'
import { type Kind, kindsOf, textsWith } from './objects.ts'

/** Proofs after which more of the same tell nothing new. */
const enough = 3

/**
 * Demands that a request as a page of another site can make it (a form or plain text, a foreign origin, no token) changes what the first
 * user sees, while the same without the session cookie is refused. A cookie that browsers keep from such requests is no flaw.
 */
export const crossSiteRequestForgery: AttackClass = {
  id: 'cross-site-request-forgery',
  async attack(lab): Promise<Trial> {
    const { first } = lab.visitors
    const cookies = first?.jar.all() ?? []
    if (first === undefined || cookies.length === 0 || first.bearer !== undefined)
      return {
        proofs: [],
        tried: 0,
        unmade: {
          outcome: 'not_applicable',
          reason: first === undefined ? 'Nobody could be signed in.' : 'Sessions are not kept in cookies.',
        },
      }
    const kept = cookies.every(({ sameSite }) => sameSite === 'lax' || sameSite === 'strict')
    const proofs: Proof[] = []
    let tried = 0
    for (const kind of kindsOf(lab)) {
      if (proofs.length >= enough) break
      tried += 1
      const proof = kept
        ? undefined
        : await forged(
            lab,
            kind,
            cookies.some(({ sameSite }) => sameSite === 'none'),
          )
      if (proof !== undefined) proofs.push(proof)
    }
    return tried === 0
      ? {
          proofs,
          tried,
          unmade: { outcome: 'not_applicable', reason: 'No request of a signed-in user was found to change anything.' },
        }
      : { proofs, tried }
  },
}

async function forged(lab: Lab, kind: Kind, everywhere: boolean): Promise<Proof | undefined> {
  const { first, nobody } = lab.visitors
  const { create } = kind
  if (first === undefined) return undefined
  const origin = `https://${lab.word()}.example`
  const word = lab.word()
  const values = new Map<string, Json>(valuesFor(create, first.person, word, lab.parts.ids).fields)
  for (const [parameter, value] of textsWith(create, word)) values.set(parameterKey(parameter), value)
  const draft = draftOf(
    { ...create, parameters: create.parameters.filter((parameter) => !isToken(parameter)) },
    { fields: values },
  )
  const json = create.parameters.some(({ place }) => place === 'json')
  const headers: [string, string][] = [
    ['origin', origin],
    ['referer', `${origin}/`],
    ['sec-fetch-site', 'cross-site'],
    ['x-csrftoken', ''],
    ['x-xsrf-token', ''],
    // A form of another site can send JSON, but not say so.
    ...(json ? [['content-type', 'text/plain'] as [string, string]] : []),
  ]
  const without = await lab.parts.client.send(draft, {
    purpose: 'the same without the session',
    visitor: nobody,
    headers,
    keep: false,
  })
  if (!refused(without)) return undefined
  const sent = await lab.parts.client.send(draft, {
    purpose: 'a form of another site sends this',
    visitor: first,
    headers,
    keep: false,
  })
  if (!succeeded(sent)) return undefined
  const view = kind.list ?? lab.endpoints.find(({ method, path }) => method === 'GET' && path === '/')
  const seen = view === undefined ? sent : await lab.submit(view, 'the user looks afterwards', {}, first)
  if (!bodyOf(seen).includes(word) && !bodyOf(sent).includes(word)) return undefined
  return {
    rule: 'cross-site-request-forgery',
    endpoint: create,
    message: `A request of ${origin} without a token changed data of the signed-in user${everywhere ? '' : '; the session cookie sets no SameSite, so that it depends on the browser whether it is sent'}.`,
    exchanges: [sent, seen, without],
    shows: word,
    family: json ? 'plain text' : 'form',
  }
}
