import type { Exchange, RawFinding } from '#bench/findings'
import type { PageReport } from './look.ts'
import type { Tour } from './tour.ts'

/** Thresholds for "poor" of web.dev/articles/vitals; milliseconds, but for the shift. */
const poor = { largestPaint: 4000, layoutShift: 0.25, interaction: 500 }

/** What a tour has shown, as findings; the same thing on several pages is one, at the first of them. */
export function findingsOf(tour: Tour, origin: string): readonly RawFinding[] {
  const all = [
    ...tour.pages.flatMap((page) => pageFindings(page, origin)),
    ...deadLinks(tour, origin),
    ...unanswered(tour, origin),
  ]
  const first = new Map<string, RawFinding & { pages: string[] }>()
  for (const finding of all) {
    const key = `${finding.rule} ${finding.subject ?? ''}`
    const known = first.get(key)
    const page = finding.location.kind === 'endpoint' ? new URL(finding.location.url).pathname : ''
    if (known === undefined) first.set(key, { ...finding, pages: [page] })
    else if (!known.pages.includes(page)) known.pages.push(page)
  }
  return [...first.values()].map(({ pages, ...finding }) => {
    if (pages.length === 1) return finding
    const also = `Also on ${pages.slice(1, 6).join(', ')}${pages.length > 6 ? ` and ${pages.length - 6} more` : ''}.`
    return { ...finding, evidence: { ...finding.evidence, observed: [...(finding.evidence?.observed ?? []), also] } }
  })
}

function pageFindings(page: PageReport, origin: string): RawFinding[] {
  const url = `${origin}${page.path}`
  const location = { kind: 'endpoint', method: 'GET', url } as const
  const pictures = (...names: string[]): { artifacts: string[] } => ({
    artifacts: names.flatMap((name) => page.pictures.get(name) ?? []),
  })
  const { complaints, incomplete, vitals, overflow } = page
  const own = complaints.failed.find(({ kind, exchange }) => kind === 'document' && exchange.request.url === url)
  const findings: RawFinding[] = []
  if (page.status !== undefined && page.status >= 400) {
    findings.push({
      rule: 'page-failed',
      message: `${page.path} is answered with ${page.status}.`,
      location,
      severity: page.path === '/' && page.status === 404 ? 'medium' : 'high',
      evidence: { ...(own && { exchanges: [own.exchange] }), ...pictures('1440-light') },
    })
  }
  // Without scripts of other hosts a page may well miss what they bring; with all of them there, it is its own fault.
  if (!incomplete.scripts) {
    for (const error of new Set(complaints.errors)) {
      findings.push({
        rule: 'page-error',
        message: `${page.path} throws: ${shortened(error)}`,
        location,
        subject: shortened(error),
        evidence: { observed: [error.slice(0, 1000)], ...pictures('1440-light') },
      })
    }
    for (const text of new Set(complaints.logged.map((each) => each.text))) {
      findings.push({
        rule: 'console-error',
        message: `${page.path} logs an error: ${shortened(text)}`,
        location,
        subject: shortened(text),
        evidence: { observed: [text.slice(0, 1000)] },
      })
    }
  }
  for (const { kind, exchange } of complaints.failed) {
    // What a click led to and refused may have been refused with reason; what broke was not.
    if (kind === 'document' && (exchange === own?.exchange || (exchange.response?.status ?? 500) < 500)) continue
    findings.push(failedRequest(page.path, kind, exchange))
  }
  for (const { rule, places } of page.violations) {
    const [place] = places
    const more = places.length > 1 ? ` and ${places.length - 1} more` : ''
    findings.push({
      rule: `axe/${rule}`,
      message: `${page.path}: ${place?.selector ?? 'the page'}${more}. ${place?.summary ?? ''}`.trim(),
      location,
      subject: `${rule} ${place?.html ?? ''}`,
      evidence: {
        snippet: places
          .slice(0, 5)
          .map(({ html }) => html)
          .join('\n'),
        observed: places.slice(0, 5).map(({ selector, summary }) => `${selector}: ${summary}`),
        facts: { selector: place?.selector ?? '', places: places.length },
        ...pictures('1440-light'),
      },
    })
  }
  for (const { selector, name, html, confidence } of page.controls.dead) {
    findings.push({
      rule: 'dead-button',
      message: `A click on ${name ? `"${name}"` : selector} on ${page.path} does nothing.`,
      location,
      confidence,
      subject: name || selector,
      evidence: {
        snippet: html,
        facts: { selector },
        observed: ['Clicked twice on fresh loads: no change of the page, no request, nothing opened.'],
        ...pictures('1440-light'),
      },
    })
  }
  for (const { selector, html, written, text } of page.lostPlaces) {
    findings.push({
      rule: 'dead-link',
      message: `The link ${text ? `"${text}"` : selector} on ${page.path} leads to ${written}, which is not on the page.`,
      location,
      severity: 'low',
      subject: written,
      evidence: { snippet: html, facts: { selector } },
    })
  }
  if (overflow.beyond > 0 && !incomplete.styles) {
    findings.push({
      rule: 'overflow',
      message: `At 390 pixels ${page.path} is ${Math.round(overflow.beyond)} pixels wider than the screen.`,
      location,
      evidence: {
        snippet: overflow.elements.map(({ html }) => html).join('\n'),
        facts: { selector: overflow.elements[0]?.selector ?? '', beyond: Math.round(overflow.beyond) },
        ...pictures('390-light'),
      },
    })
  }
  if (!incomplete.scripts && !incomplete.styles) {
    if (vitals.largestPaint > poor.largestPaint) {
      findings.push(
        slow('slow-paint', `The main content of ${page.path} appears after ${seconds(vitals.largestPaint)}.`),
      )
    }
    if (vitals.layoutShift > poor.layoutShift) {
      findings.push(slow('layout-shift', `${page.path} shifts by ${vitals.layoutShift.toFixed(2)} while it loads.`))
    }
    if ((vitals.slowestInteraction ?? 0) > poor.interaction) {
      findings.push(
        slow('slow-interaction', `${page.path} took ${seconds(vitals.slowestInteraction ?? 0)} to answer a click.`),
      )
    }
  }
  return findings

  function slow(rule: string, message: string): RawFinding {
    return { rule, message, location, evidence: pictures('1440-light') }
  }
}

function failedRequest(path: string, kind: string, exchange: Exchange): RawFinding {
  const { request, response, failure } = exchange
  const target = new URL(request.url)
  const said = response ? `is answered with ${response.status}` : `fails: ${failure}`
  return {
    rule: 'failed-request',
    message: `${path} requests ${request.method} ${target.pathname}, which ${said}.`,
    location: { kind: 'endpoint', method: request.method, url: request.url },
    severity: kind === 'image' || kind === 'font' || kind === 'manifest' ? 'low' : 'medium',
    subject: `${request.method} ${target.pathname}`,
    evidence: { exchanges: [exchange] },
  }
}

function deadLinks({ dead }: Tour, origin: string): RawFinding[] {
  return dead.map(({ link, page, exchange }) => ({
    rule: 'dead-link',
    message: `The link ${link.text ? `"${link.text}"` : link.selector} on ${page} leads to ${link.written}, which ${exchange.response ? `is answered with ${exchange.response.status}` : `is not answered: ${exchange.failure}`}.`,
    location: { kind: 'endpoint', method: 'GET', url: `${origin}${page}` },
    subject: new URL(link.href).pathname,
    evidence: { snippet: link.html, facts: { selector: link.selector }, exchanges: [exchange] },
  }))
}

/** The first page the connection broke off at: what comes after it may only suffer from the same. */
function unanswered({ gaps }: Tour, origin: string): RawFinding[] {
  const gap = gaps.find(({ reason }) => /ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/.test(reason))
  if (gap === undefined) return []
  const location = { kind: 'endpoint', method: 'GET', url: `${origin}${gap.path}` } as const
  return [{ rule: 'page-failed', message: `${gap.path} is not answered: the connection breaks off.`, location }]
}

function shortened(text: string): string {
  const [line = ''] = text.split('\n', 1)
  return line.length > 160 ? `${line.slice(0, 160)}…` : line
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
