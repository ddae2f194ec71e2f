import type { RawFinding } from '#bench/findings'
import type { Call, Route } from '#bench/interfaces'
import { findingAt, type Wiring } from './finding.ts'
import type { Match } from './requests.ts'

/** What calls send and read against what the handlers that answer them read and send. */
export function judgeFields(wiring: Wiring, matches: readonly Match[]): RawFinding[] {
  return matches.flatMap(({ call, route }) => {
    // With several routes that may answer, it is not known which one reads.
    if (route.method === 'ALL' || matches.filter((other) => other.call === call).length > 1) return []
    const dropped = unread(wiring, call, route)
    // A field sent under another name is one mismatch, told where the name stands.
    return [...(dropped.length > 0 ? [] : unsent(wiring, call, route)), ...dropped, ...unanswered(wiring, call, route)]
  })
}

function unsent(wiring: Wiring, call: Call, route: Route): RawFinding[] {
  const { sent } = call
  if (sent === undefined || sent.open) return []
  const missing = route.request.body.filter(({ name, required }) => required && !sent.names.includes(name))
  return missing.map(({ name }) => {
    const twin = sent.names.find((other) => plain(other) === plain(name))
    const hint = twin === undefined ? '' : ` "${twin}" is.`
    return findingAt(
      wiring,
      'missing-field',
      call,
      `${named(route)} requires "${name}", which is not sent here.${hint}`,
      {
        subject: name,
        severity: 'high',
        related: [
          { file: route.file, line: route.line, message: `The handler of ${named(route)} requires "${name}".` },
        ],
      },
    )
  })
}

function unread(wiring: Wiring, call: Call, route: Route): RawFinding[] {
  const { sent } = call
  const read = new Set([...route.request.body, ...route.request.query].map(({ name }) => name))
  if (sent === undefined || route.request.open || read.size === 0) return []
  // A field the handler reads and nobody sends makes it likely that this one was meant.
  const unsentFields = sent.open ? [] : route.request.body.filter(({ name }) => !sent.names.includes(name))
  const refused = unsentFields.some(({ required }) => required)
  const wanted = unsentFields.filter(({ required }) => required || !refused).map(({ name }) => name)
  return sent.names
    .filter((name) => !read.has(name) && !ofFrameworks.test(name))
    .map((name) => {
      const place = sent.places.find((each) => each.name === name)
      const hint =
        wanted.length === 0 ? '' : ` It ${refused ? 'requires' : 'reads'} ${listed(wanted)}, which is not sent.`
      return findingAt(
        wiring,
        'unread-field',
        place ?? call,
        `"${name}" is sent to ${named(route)}, whose handler never reads it.${hint}`,
        {
          subject: name,
          severity: wanted.length === 0 ? 'low' : refused ? 'high' : 'medium',
          related: [{ file: route.file, line: route.line, message: `The handler reads ${listed([...read])}.` }],
        },
      )
    })
}

/** Read by middleware of the framework, not by the handler. */
const ofFrameworks = /csrf|xsrf|^_method$|^_token$|^authenticity_token$|^utf8$|captcha/i

/** Fields read from an answer that has no such field; judged only where every answer is literal. */
function unanswered(wiring: Wiring, call: Call, route: Route): RawFinding[] {
  if (route.responseOpen) return []
  const seen = new Set<string>()
  return call.reads.flatMap(({ name, line }): RawFinding[] => {
    if (route.response.includes(name) || seen.has(name)) return []
    seen.add(name)
    return [
      findingAt(
        wiring,
        'missing-field',
        { file: call.file, line },
        `"${name}" is read from the answer of ${named(route)}, which has ${listed(route.response)}.`,
        {
          subject: name,
          related: [
            { file: route.file, line: route.line, message: `${named(route)} answers with ${listed(route.response)}.` },
          ],
        },
      ),
    ]
  })
}

function named({ method, path }: Route): string {
  return `${method} ${path}`
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}
