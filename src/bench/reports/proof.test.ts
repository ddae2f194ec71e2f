import { expect, test } from 'vitest'
import { renderMarkdown } from './markdown.ts'
import { renderPretty } from './pretty.ts'
import { proofLines } from './proof.ts'
import { sampleFinding, sampleReport } from './report.fixture.ts'

function exchange(method: string, url: string, status?: number) {
  const response = status === undefined ? {} : { response: { status, headers: [], body: '', truncated: false } }
  return { purpose: 'asks', request: { method, url, headers: [] }, milliseconds: 3, ...response }
}

test('the deciding request, how it was answered, and what was seen', () => {
  const exchanges = [exchange('GET', 'http://localhost/'), exchange('POST', 'http://localhost:80/login?a=1', 500)]
  const finding = sampleFinding({ evidence: { exchanges, observed: ['python3 opened /canary.txt.'] } })
  expect(proofLines(finding)).toEqual([
    'proved by 2 requests, the last POST /login?a=1, answered 500',
    'python3 opened /canary.txt.',
  ])
  const report = sampleReport({ findings: [finding] })
  expect(renderPretty(report, { color: false, width: 100 })).toContain(
    'proved by 2 requests, the last POST /login?a=1, answered 500',
  )
  expect(renderMarkdown(report)).toContain('proved by 2 requests, the last POST /login?a=1, answered 500')
})

test('a request without answer, and a long address', () => {
  const lines = (url: string) => proofLines(sampleFinding({ evidence: { exchanges: [exchange('GET', url)] } }))
  expect(lines('http://localhost')).toEqual(['proved by GET /, not answered'])
  expect(lines(`/${'a'.repeat(200)}`)).toEqual([`proved by GET /${'a'.repeat(119)}…, not answered`])
})

test('findings from the source alone have none', () => {
  expect(proofLines(sampleFinding({ evidence: {} }))).toEqual([])
})
