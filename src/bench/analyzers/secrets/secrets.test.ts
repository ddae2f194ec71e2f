// biome-ignore-all lint/suspicious/noTemplateCurlyInString: settings refer to the environment that way

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ruleSchema } from '#bench/findings'
import { analyzeFiles } from '../testing.ts'
import { credentialName, mask, valueKind } from './credential.ts'
import { secrets } from './index.ts'
import { checksumHolds } from './shapes.ts'

async function found(files: Record<string, string | Uint8Array>): Promise<string[]> {
  const { findings } = await analyzeFiles(secrets, files)
  return findings.map(({ rule, severity, location }) => {
    if (location.kind !== 'file') throw new Error('expected a place in a file')
    const grade = severity ?? secrets.rule(rule)?.severity
    return `${grade} ${rule} ${location.path}:${location.region?.startLine}`
  })
}

// Put together here so that nobody's scanner takes this file for a leak.
const githubToken = ['ghp', '_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('')
const inventedToken = ['ghp', '_', 'q8WmZ3rTn5VbXc7YkLp2JdHs9FgA4eR6uM1N'].join('')
const awsKey = ['AKIA', 'QYLPMN5HHHFPZAM2'].join('')
const base64Lines = `${'MIIEpAIBAAKCAQEA7mX2Vd0rO1Zl8wq3Kf9sJt5yB6nC4hGvPzRkLxUeWoYiTaDs'}\n`.repeat(4)

describe('secrets', () => {
  it('finds its canary', async () => {
    const { findings } = await analyzeFiles(secrets, secrets.canary.files)
    expect(findings.map((finding) => finding.rule)).toEqual([secrets.canary.rule])
  })

  it('masks what it found, in message and excerpt', async () => {
    const { findings } = await analyzeFiles(secrets, {
      'settings.py': "SECRET_KEY = 'k8Jq2-vLw0zRt5Yx'; API_KEY = 'Zp93kfTTq81mmXa'  # keep\n",
    })
    expect(findings).toEqual([
      {
        rule: 'credential-literal',
        message: '`SECRET_KEY` is given the value k8Jq… (16 characters) in the file.',
        confidence: 'high',
        subject: 'SECRET_KEY',
        location: {
          kind: 'file',
          path: 'settings.py',
          region: { startLine: 1, startColumn: 15, endLine: 1, endColumn: 31 },
        },
        evidence: { snippet: "SECRET_KEY = 'k8Jq… (16 characters)'; API_KEY = '… (15 characters)'  # keep" },
      },
      expect.objectContaining({ subject: 'API_KEY' }),
    ])
    expect(ruleSchema.parse(secrets.rule('credential-literal'))).toMatchObject({ cwe: [798, 540] })
  })

  it('reads every way of writing a setting', async () => {
    expect(
      await found({
        '.env': 'export JWT_SECRET="n3T!kk20-xyQ"\nDB_PASSWORD=s3cr#t99x # of the shop\nPORT=5000\n',
        'config.yaml': 'mail:\n  password: Hq7_22mmPz\n  host: smtp.shop.test\n',
        'docker-compose.yml': 'services:\n  db:\n    environment:\n      - "POSTGRES_PASSWORD=pQ81-zzTm"\n',
        'config.json': '{"apiKey": "b81f4c0e2a9d7735", "name": "shop"}\n',
        'app.toml': 'secret_key = "n3T!kk20-xyQ"\n',
        'server.js': "const secret = process.env.SESSION_SECRET || 'k8Jq2-vLw0zRt5Yx'\n",
        'app.py':
          "app.config['SECRET_KEY'] = os.environ.get('SECRET_KEY', 'k8Jq2-vLw0zRt5Yx')\ntoken: str = 'b81f4c0e2a9d7735'\n",
        'auth.ts': "jwt.sign({ id: user.id }, 'k8Jq2-vLw0zRt5Yx')\njwt.sign(payload, 'k8Jq2-vLw0zRt5Yx')\n",
      }),
    ).toEqual([
      'medium credential-in-configuration .env:1',
      'medium credential-in-configuration .env:2',
      'high credential-literal app.py:1',
      'high credential-literal app.py:2',
      'medium credential-in-configuration app.toml:1',
      'high credential-literal auth.ts:1',
      'high credential-literal auth.ts:2',
      'medium credential-in-configuration config.json:1',
      'medium credential-in-configuration config.yaml:2',
      'medium credential-in-configuration docker-compose.yml:4',
      'high credential-literal server.js:1',
    ])
  })

  it('tells a guessable value that runs from a form to fill in', async () => {
    const text =
      'SECRET_KEY=changeme\nAPI_KEY=your-api-key\nDB_PASSWORD=postgres\nTOKEN=<token>\nOTHER_SECRET=${VAULT}\n'
    expect(await found({ '.env.example': text, 'README.md': `\`\`\`\n${text}\`\`\`\n` })).toEqual([])
    expect(await found({ '.env': text })).toEqual([
      'medium guessable-credential .env:1',
      'low guessable-credential .env:3',
    ])
    expect(
      await found({
        'app.py': [
          "app.secret_key = 'dev'",
          "SECRET_KEY = os.getenv('SECRET_KEY', 'your-secret-key-here')",
          "API_KEY = 'YOUR_API_KEY'",
          "# SECRET_KEY = 'changeme'",
          '',
        ].join('\n'),
      }),
    ).toEqual(['high guessable-credential app.py:1', 'high guessable-credential app.py:2'])
  })

  it('leaves alone what only looks like a credential', async () => {
    const code = [
      "const TOKEN_KEY = 'auth_token'",
      "fetch(url, { credentials: 'same-origin' })",
      "const rules = { password: 'required|min:8' }",
      "const labels = { password: 'Passwort', secret: 'Enter your secret' }",
      "const field = { password: '#password' }",
      'const token = `${header}.${body}`',
      "const password = req.body['password']",
      "headers['X-Token'] = 'x-csrf-token'",
      "const names = { JWT_SECRET: 'secret', ADMIN_PASSWORD: 'password' }",
      "if (token === 'abc123def456') {}",
      'const maxTokens = "4096"; const tokenType = "bearer1"',
      '',
    ].join('\n')
    expect(
      await found({
        'src/app.js': code,
        'package.json': '{"dependencies":{"jsonwebtoken":"^9.0.2","csrf-token":"1.0.0"}}\n',
        'locales/fr.json': '{"password": "MotDePasse1"}\n',
        'tests/test_app.py': "password = 'hunter2hunter2'\n",
        'compose.yaml': 'environment:\n  SECRET_KEY: ${SECRET_KEY:?set it}\n  PASSWORD_FILE: /run/secrets/db\n',
      }),
    ).toEqual([])
  })

  it('knows credentials by their form, wherever they stand', async () => {
    expect(
      await found({
        'README.md': `export GITHUB_TOKEN=${githubToken}\n`,
        'deploy.sh': `aws configure set id ${awsKey}\n`,
        'key.txt': `-----BEGIN RSA PRIVATE KEY-----\n${base64Lines}-----END RSA PRIVATE KEY-----\n`,
        'silenced.js': `// secretlint-disable\nconst t = "${inventedToken}"\n`,
      }),
    ).toEqual([
      'critical github-token README.md:1',
      'medium aws-access-key-id deploy.sh:1',
      'high private-key key.txt:1',
      'low github-token silenced.js:2',
    ])
  })

  it('verifies checksums', () => {
    expect(checksumHolds(githubToken)).toBe(true)
    expect(checksumHolds(['npm', '_abcdefghijklmnopqrstuvwxyz01232LolCm'].join(''))).toBe(true)
    expect(checksumHolds(inventedToken)).toBe(false)
    expect(checksumHolds('AIzaSy')).toBeUndefined()
  })

  it('weighs passwords in addresses by where they lead', async () => {
    expect(
      await found({
        'db.py': [
          'A = "postgresql://shop:vR7t-Qm2x@db.shop.internal/shop"',
          'B = "postgresql://postgres:postgres@localhost:5432/shop"',
          'C = "postgresql://user:password@host/db"',
          'D = f"postgresql://{user}:{password}@{host}/db"',
          'E = "https://example.com:8080/a@b"',
          'F = "mysql://root:vR7t-Qm2x@db.example.com/x"',
          'G = "redis://:${REDIS_PASSWORD}@cache:6379"',
          '',
        ].join('\n'),
      }),
    ).toEqual(['high password-in-address db.py:1', 'low guessable-credential db.py:2'])
  })

  it('says which files it did not search', async () => {
    const { coverage } = await analyzeFiles(secrets, {
      'big.txt': 'x\n'.repeat(600_000),
      'a.py': 'x = 1\n',
      'logo.bin': new Uint8Array([0, 1, 2, 0, 255]),
    })
    expect(coverage).toEqual({ analysed: 1, total: 2, gaps: [{ path: 'big.txt', reason: 'larger than 1 MiB' }] })
  })

  it('searches hostile files in linear time', async () => {
    const start = performance.now()
    await analyzeFiles(secrets, {
      'a.js': 'password="'.repeat(20_000),
      'b.js': `secret${' '.repeat(200_000)}=`,
      'c.env': `${'A_SECRET='.repeat(20_000)}\n${'password:'.repeat(20_000)}`,
      'd.py': `x = "${'a'.repeat(200_000)}${'://a:'.repeat(20_000)}`,
      'e.txt': 'eyJ'.repeat(60_000),
    })
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

describe('valueKind', () => {
  it.each([
    ['${SECRET}', 'SECRET_KEY', 'reference'],
    ['{{ vault_password }}', 'password', 'reference'],
    ['<paste-a-long-random-value>', 'SECRET_KEY', 'placeholder'],
    ['xxxxxxxx', 'API_KEY', 'placeholder'],
    ['your-256-bit-secret', 'JWT_SECRET', 'placeholder'],
    ['dev', 'SECRET_KEY', 'default'],
    ['dev-secret-key-change-in-production', 'SECRET_KEY', 'placeholder'],
    ['super-secret-jwt-key', 'JWT_SECRET', 'default'],
    ['keyboard cat', 'secret', 'default'],
    ['P@ssw0rd', 'db_password', 'default'],
    ['auth_token', 'ACCESS_TOKEN', 'not-a-secret'],
    ['', 'password', 'not-a-secret'],
    ['k8Jq2-vLw0zRt5Yx', 'SECRET_KEY', 'literal'],
    ['todo-app-secret', 'JWT_SECRET', 'default'],
    ['polls-db-6619', 'POLLS_DB_PASSWORD', 'literal'],
  ])('%s for %s is %s', (value, name, kind) => {
    expect(valueKind(value, name)).toBe(kind)
  })

  it('never fails, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, name) => {
        credentialName(name)
        expect(valueKind(value, name)).toBeTypeOf('string')
      }),
      { seed: 7, numRuns: 500 },
    )
  })
})

describe('credentialName', () => {
  it.each([
    ['SECRET_KEY', 'chosen'],
    ['app.secret_key', 'chosen'],
    ['jwtSecret', 'chosen'],
    ['POSTGRES_PASSWORD', 'chosen'],
    ['dbPassword2', 'chosen'],
    ['stripeApiKey', 'issued'],
    ['AWS_SECRET_ACCESS_KEY', 'issued'],
    ['accessToken', 'issued'],
    ['jsonwebtoken', undefined],
    ['csrfToken', undefined],
    ['resetPassword', undefined],
    ['compass', undefined],
    ['token_type', undefined],
    ['PASSWORD_FIELD', undefined],
  ])('%s is %s', (name, kind) => {
    expect(credentialName(name)).toBe(kind)
  })
})

describe('mask', () => {
  it('shows at most the first four characters of a long secret', () => {
    expect(mask('k8Jq2-vLw0zRt5Yx')).toBe('k8Jq… (16 characters)')
    expect(mask('hunter2')).toBe('… (7 characters)')
  })
})
