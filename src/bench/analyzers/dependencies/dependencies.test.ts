import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readManifests } from '#bench/manifests'
import { analyzeFiles, appOf } from '../testing.ts'
import { cycloneDx } from './cyclone-dx.ts'
import { dependencies } from './dependencies.ts'
import { inventoryOf } from './inventory.ts'

type Files = Readonly<Record<string, string>>

async function findings(
  files: Files,
  options: Record<string, unknown> = {},
  network = false,
): Promise<readonly string[]> {
  const result = await analyzeFiles(dependencies, files, options, network)
  return result.findings.map(({ rule, location, severity, subject }) => {
    expect(dependencies.rule(rule)).toMatchObject({ id: rule })
    const where = location.kind === 'file' ? `${location.path}:${location.region?.startLine}` : ''
    return [rule, where, severity ?? dependencies.rule(rule)?.severity, subject].join(' ')
  })
}

const requestsAdvisory = {
  id: 'GHSA-test-0001',
  summary: 'Requests leaks a header',
  aliases: ['CVE-2099-0001', 'PYSEC-2099-1'],
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N' }],
  database_specific: { cwe_ids: ['CWE-200'] },
  affected: [
    {
      package: { ecosystem: 'PyPI', name: 'Requests' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '2.3.0' }, { fixed: '2.31.0' }] }],
    },
  ],
}
const twin = { ...requestsAdvisory, id: 'PYSEC-2099-1', aliases: ['CVE-2099-0001', 'GHSA-test-0001'] }
const malware = {
  id: 'MAL-2099-1',
  summary: 'Malicious code in evil',
  affected: [{ package: { ecosystem: 'npm', name: 'evil' }, versions: ['1.0.0'] }],
}

let osvDirectory = ''
beforeAll(() => {
  osvDirectory = mkdtempSync(join(tmpdir(), 'assay-osv-'))
  mkdirSync(join(osvDirectory, 'PyPI'))
  for (const record of [requestsAdvisory, twin, malware])
    writeFileSync(join(osvDirectory, 'PyPI', `${record.id}.json`), JSON.stringify(record))
})
afterAll(() => rmSync(osvDirectory, { recursive: true, force: true }))

describe('advisories', () => {
  test('from a local folder: one finding for one flaw, with what to do', async () => {
    const files = {
      'requirements.txt': 'flask==3.0.0\nrequests==2.30.0\n',
      'package.json': '{"dependencies":{"evil":"1.0.0"}}',
    }
    const result = await analyzeFiles(dependencies, files, { osvDirectory })
    expect(result.findings).toEqual([
      {
        rule: 'malicious-dependency',
        message: 'evil 1.0.0 has MAL-2099-1: Malicious code in evil.',
        location: { kind: 'file', path: 'package.json', region: { startLine: 1 } },
        fix: 'Remove evil.',
        subject: 'evil MAL-2099-1',
        evidence: { facts: { package: 'evil', version: '1.0.0', advisory: 'MAL-2099-1', severityFrom: 'none' } },
      },
      {
        rule: 'vulnerable-dependency',
        message: 'requests 2.30.0 has GHSA-test-0001 (CVE-2099-0001): Requests leaks a header.',
        location: { kind: 'file', path: 'requirements.txt', region: { startLine: 2 } },
        severity: 'medium',
        fix: 'Update requests to 2.31.0 or later.',
        subject: 'requests GHSA-test-0001',
        evidence: {
          facts: {
            package: 'requests',
            version: '2.30.0',
            advisory: 'GHSA-test-0001',
            aliases: 'CVE-2099-0001 PYSEC-2099-1',
            fixed: '2.31.0',
            cwe: 'CWE-200',
            cvss: 6.1,
            severityFrom: 'CVSS 3',
          },
        },
      },
    ])
    expect(result.checks?.[0]).toEqual({
      id: 'advisories',
      title: 'Known vulnerabilities (OSV)',
      outcome: 'fail',
      reason: '2 advisories apply',
    })
    expect(result.metrics).toMatchObject({ 'dependencies.total': 3, 'dependencies.judged': 3 })
  })

  test('fixed versions pass', async () => {
    const { findings: found, checks } = await analyzeFiles(
      dependencies,
      { 'requirements.txt': 'requests==2.31.0\n' },
      { osvDirectory },
    )
    expect(found).toEqual([])
    expect(checks?.[0]).toMatchObject({ id: 'advisories', outcome: 'pass' })
  })

  test('a folder that is missing, empty or partly unreadable is never a pass', async () => {
    const files = { 'requirements.txt': 'requests==2.30.0\n' }
    const outcome = async (folder: string) =>
      (await analyzeFiles(dependencies, files, { osvDirectory: folder })).checks?.[0]
    expect(await outcome(join(osvDirectory, 'missing'))).toMatchObject({
      outcome: 'error',
      reason: expect.stringContaining('ENOENT'),
    })
    const empty = mkdtempSync(join(tmpdir(), 'assay-osv-'))
    expect(await outcome(empty)).toMatchObject({
      outcome: 'error',
      reason: expect.stringContaining('holds no OSV record'),
    })
    writeFileSync(join(empty, 'a.json'), JSON.stringify(malware))
    writeFileSync(join(empty, 'b.json'), '{"id": ')
    expect(await outcome(empty)).toMatchObject({ outcome: 'error', reason: expect.stringContaining('b.json') })
    rmSync(empty, { recursive: true })
  })

  test('from the API, by batch and page, and kept', async () => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', () => {
        asked.push(`${request.method} ${request.url}`)
        if (request.url === '/v1/vulns/GHSA-test-0001') return response.end(JSON.stringify(requestsAdvisory))
        const { queries } = JSON.parse(body)
        const results = queries.map((query: { package: { name: string }; page_token?: string }) =>
          query.package.name !== 'requests'
            ? {}
            : query.page_token === 'next'
              ? { vulns: [{ id: 'GHSA-test-0001' }] }
              : { vulns: [], next_page_token: 'next' },
        )
        return response.end(JSON.stringify({ results }))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const bound = server.address()
    const osvApi = typeof bound === 'object' && bound !== null ? `http://127.0.0.1:${bound.port}` : ''
    try {
      const options = { osvApi, npmRegistry: osvApi, pypiRegistry: osvApi }
      const found = await findings(
        { 'requirements.txt': '-i https://other.example\nflask==3.0.0\nrequests==2.30.0\n' },
        options,
        true,
      )
      expect(found).toEqual(['vulnerable-dependency requirements.txt:3 medium requests GHSA-test-0001'])
      expect(asked).toEqual(['POST /v1/querybatch', 'POST /v1/querybatch', 'GET /v1/vulns/GHSA-test-0001'])
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })

  test('offline is an error of the check, and no file counts as judged', async () => {
    const {
      checks,
      findings: found,
      coverage,
    } = await analyzeFiles(dependencies, { 'requirements.txt': 'requests==2.30.0\n' })
    const reason = 'known vulnerabilities could not be looked up: osv.dev: the network is switched off (--offline)'
    expect(coverage).toEqual({ analysed: 0, total: 1, gaps: [{ path: 'requirements.txt', reason }] })
    expect(found).toEqual([])
    expect(checks).toMatchObject([
      { id: 'advisories', outcome: 'error', reason: 'osv.dev: the network is switched off (--offline)' },
      { id: 'registry-pypi', outcome: 'error' },
    ])
  })

  test('without any fixed version nothing can be judged, and the coverage says so', async () => {
    const { checks, coverage } = await analyzeFiles(
      dependencies,
      { 'requirements.txt': 'flask\nrequests>=2\n' },
      { osvDirectory },
    )
    expect(checks?.[0]).toMatchObject({ outcome: 'not_applicable' })
    expect(coverage.gaps).toEqual([
      {
        path: 'requirements.txt',
        reason: '2 of 2 packages have no fixed version: advisories cannot be judged for them',
      },
    ])
  })
})

describe('without advisories', () => {
  test('the canary is found', async () => {
    expect(await findings(dependencies.canary.files)).toEqual(['unpinned-dependency requirements.txt:1 low flask'])
  })

  test('how open a range is, and what fixes it', async () => {
    expect(await findings({ 'requirements.txt': 'a\nb>=1\nc>=1,<2\nd~=1.2\ne==1.0\nf==1.*\n' })).toEqual([
      'unpinned-dependency requirements.txt:1 low a',
      'unpinned-dependency requirements.txt:2 low b',
      'unpinned-dependency requirements.txt:3 info c',
      'unpinned-dependency requirements.txt:4 info d',
      'unpinned-dependency requirements.txt:6 info f',
    ])
    const manifest = { 'package.json': '{"dependencies":{"a":"^1.0.0","b":"*","c":">=1","d":"latest","e":"1.0.0"}}' }
    expect(await findings(manifest)).toEqual([
      'unpinned-dependency package.json:1 info a',
      'unpinned-dependency package.json:1 low b',
      'unpinned-dependency package.json:1 low c',
      'unpinned-dependency package.json:1 low d',
    ])
    const lock =
      '{"lockfileVersion":3,"packages":{"node_modules/a":{"version":"1.2.0"},"node_modules/b":{"version":"1.2.0"},"node_modules/c":{"version":"1.2.0"},"node_modules/d":{"version":"1.2.0"}}}'
    expect(await findings({ ...manifest, 'package-lock.json': lock })).toEqual([])
  })

  test('what a lock file knows: deprecation, licence, scripts', async () => {
    const lock = JSON.stringify({
      lockfileVersion: 3,
      packages: {
        'node_modules/a': { version: '1.0.0', license: 'AGPL-3.0-only', deprecated: 'use b' },
        'node_modules/b': { version: '1.0.0', license: '(MIT OR GPL-3.0)', hasInstallScript: true },
        'node_modules/c': { version: '1.0.0', license: 'LGPL-3.0', dev: true },
      },
    })
    const files = { 'package.json': '{"dependencies":{"a":"1.0.0"}}', 'package-lock.json': lock }
    expect(await findings(files)).toEqual([
      'deprecated-dependency package-lock.json:1 low a',
      'strong-copyleft-dependency package-lock.json:1 info a',
      'install-script package-lock.json:1 info b',
    ])
    const copyleft = { ...files, 'package.json': '{"license":"AGPL-3.0-or-later","dependencies":{"a":"1.0.0"}}' }
    expect((await findings(copyleft)).some((line) => line.startsWith('strong-copyleft'))).toBe(false)
  })

  test('repositories and addresses, unless a full commit is named', async () => {
    const commit = 'a'.repeat(40)
    const text = `git+https://user:secret@host/x.git@main#egg=x\ngit+https://host/y.git@${commit}#egg=y\n`
    const { findings: found } = await analyzeFiles(dependencies, { 'requirements.txt': text })
    expect(found.map((finding) => finding.message)).toEqual([
      'x is installed from git+https://host/x.git@main#egg=x, which can change without notice.',
    ])
  })

  test('a broken lock file is a finding and a gap', async () => {
    const result = await analyzeFiles(dependencies, { 'package.json': '{}', 'package-lock.json': '{"packages": {,}}' })
    expect(result.findings.map((finding) => finding.rule)).toEqual(['malformed-lock-file'])
    expect(result.coverage).toMatchObject({ analysed: 1, total: 2 })
  })
})

test('the inventory as CycloneDX 1.6', async () => {
  const lock =
    '{"lockfileVersion":3,"packages":{"node_modules/@s/a":{"version":"1.0.0","license":"MIT"},"node_modules/b":{"version":"2.0.0","dev":true}}}'
  const app = await appOf({
    'package.json': '{"dependencies":{"@s/a":"^1.0.0"}}',
    'package-lock.json': lock,
    'requirements.txt': 'Flask\n',
  })
  const document = cycloneDx(inventoryOf(await readManifests(app)), {
    name: 'shop',
    timestamp: '2026-01-01T00:00:00Z',
    serial: '3e671687-395b-41f5-a30f-a58921a69b79',
    tool: { name: 'assay', version: '0.1.0' },
  })
  expect(document).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
    components: [
      {
        type: 'library',
        group: '@s',
        name: 'a',
        version: '1.0.0',
        scope: 'required',
        purl: 'pkg:npm/%40s/a@1.0.0',
        licenses: [{ expression: 'MIT' }],
      },
      { type: 'library', name: 'b', version: '2.0.0', scope: 'excluded', purl: 'pkg:npm/b@2.0.0' },
      { type: 'library', name: 'flask', scope: 'required', purl: 'pkg:pypi/flask' },
    ],
    dependencies: [{ ref: 'app:shop', dependsOn: ['pkg:npm/%40s/a@1.0.0', 'pkg:pypi/flask'] }],
  })
})
