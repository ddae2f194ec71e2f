// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cases are compose files
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ruleSchema } from '#bench/findings'
import { analyzeFiles, appOf } from '../testing.ts'
import { checkCompose } from './compose.ts'
import { checkDockerfile } from './dockerfile.ts'
import { containers } from './index.ts'
import { checkNginx } from './nginx.ts'
import { parseNginx } from './nginx-parser.ts'
import { containerRules } from './rules.ts'

const advice = new Set(['missing-healthcheck', 'apt-recommends', 'apt-lists-kept', 'copy-before-install'])

function docker(text: string): string[] {
  return checkDockerfile(text)
    .map((hit) => hit.rule)
    .filter((rule) => !advice.has(rule))
}

const compose = (service: string): string[] =>
  checkCompose('compose.yaml', `services:\n  app:\n${service.replace(/^/gm, '    ')}\n`).hits.map((hit) => hit.rule)
const nginx = (text: string): string[] => checkNginx(text).hits.map((hit) => hit.rule)

test('every rule is valid', () => {
  for (const rule of containerRules) expect(() => ruleSchema.parse(rule)).not.toThrow()
})

test('the canary is found', async () => {
  const { findings } = await analyzeFiles(containers, containers.canary.files)
  expect(
    findings.map(({ rule, location, severity }) => [
      rule,
      location.kind === 'file' && location.region?.startLine,
      severity,
    ]),
  ).toEqual([
    ['unpinned-image', 1, undefined],
    ['container-root', 3, undefined],
    ['missing-healthcheck', 1, undefined],
  ])
})

const safeEnd = '\nUSER app\n'

test.each([
  ['container-root', 'FROM python:3.13\nCMD ["python", "app.py"]'],
  ['container-root', 'FROM python:3.13\nUSER root\nCMD ["python", "app.py"]'],
  ['container-root', 'FROM node:22 AS build\nUSER node\nFROM node:22\nCMD ["node", "."]'],
  ['unpinned-image', `FROM python${safeEnd}`],
  ['unpinned-image', `FROM registry.test:5000/app:latest${safeEnd}`],
  ['secret-in-image', `FROM a:1\nENV DB_PASSWORD=hunter2${safeEnd}`],
  ['secret-in-image', `FROM a:1\nARG API_KEY="abc def"${safeEnd}`],
  ['secret-in-image', `FROM a:1\nENV SECRET_KEY dev${safeEnd}`],
  ['secret-in-image', `FROM a:1\nENV DATABASE_URL=postgres://u:p@db/x${safeEnd}`],
  ['remote-add', `FROM a:1\nADD https://a.test/x.tar.gz /x${safeEnd}`],
  ['pipe-to-shell', `FROM a:1\nRUN curl -fsSL https://a.test/i.sh | bash -${safeEnd}`],
  ['pipe-to-shell', `FROM a:1\nRUN apk add x && \\\n  wget -qO- https://a.test/i.sh | sh${safeEnd}`],
  ['tls-check-off', `FROM a:1\nRUN curl -k https://a.test/x -o x${safeEnd}`],
  ['world-writable', `FROM a:1\nRUN chmod -R 777 /app${safeEnd}`],
  ['debug-server', `FROM a:1${safeEnd}CMD ["npm", "run", "dev"]`],
  ['debug-server', `FROM a:1${safeEnd}CMD flask run --host 0.0.0.0 --debug`],
  ['debug-server', `FROM a:1${safeEnd}CMD ["python", "manage.py", "runserver"]`],
  ['debug-server', `FROM a:1\nENV FLASK_DEBUG=1${safeEnd}`],
])('Dockerfile: reports %s', (rule, text) => {
  expect(docker(text)).toEqual([rule])
})

test.each([
  ['FROM python:3.13-slim\nRUN useradd app\nUSER app\nCMD ["gunicorn", "app:app"]'],
  ['FROM node:22 AS base\nUSER node\nFROM base\nCMD ["node", "server.js"]'],
  [`FROM a@sha256:0123456789012345678901234567890123456789012345678901234567890123${safeEnd}`],
  [`ARG TAG=1\nFROM python:$TAG${safeEnd}`],
  ['FROM nginxinc/nginx-unprivileged:1.29'],
  [`FROM a:1\nARG API_KEY\nENV DB_PASSWORD=$API_KEY SECRET_FILE=/run/secrets/x${safeEnd}`],
  [`FROM a:1\nADD --checksum=sha256:ab https://a.test/x /x\nADD data.tar.gz /x${safeEnd}`],
  [`FROM a:1\nRUN curl -fsSL https://a.test/x -o x && sha256sum -c x.sha && sh x${safeEnd}`],
  [`FROM a:1\nRUN npm run build${safeEnd}CMD ["npm", "start"]`],
])('Dockerfile: leaves alone %s', (text) => {
  expect(docker(text)).toEqual([])
})

test('Dockerfile: advice about the build', () => {
  const rules = (text: string): string[] =>
    checkDockerfile(text)
      .map((hit) => hit.rule)
      .filter((rule) => advice.has(rule))
  expect(
    rules('FROM a:1\nCOPY . .\nRUN npm ci\nRUN apt-get update && apt-get install -y git\nUSER app\nCMD ["node", "."]'),
  ).toEqual(['copy-before-install', 'apt-recommends', 'apt-lists-kept', 'missing-healthcheck'])
  expect(
    rules(
      'FROM a:1\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*\nHEALTHCHECK CMD true\nCMD ["node", "."]',
    ),
  ).toEqual([])
})

test.each([
  ['privileged', 'privileged: true'],
  ['host-network', 'network_mode: host'],
  ['host-namespace', 'pid: "host"'],
  ['container-root', 'user: "0:0"'],
  ['unpinned-image', 'image: redis'],
  ['docker-socket', 'volumes:\n  - /var/run/docker.sock:/var/run/docker.sock'],
  ['docker-socket', 'volumes:\n  - type: bind\n    source: /var/run/docker.sock\n    target: /s'],
  ['host-root', 'volumes: ["/:/host:ro"]'],
  ['published-database', 'ports:\n  - "5432:5432"'],
  ['published-database', 'ports:\n  - target: 6379\n    published: 6379'],
  ['published-database', 'ports: ["0.0.0.0:27018:27017/tcp"]'],
  ['secret-in-compose', 'environment:\n  POSTGRES_PASSWORD: postgres'],
  ['secret-in-compose', 'environment:\n  - MYSQL_ROOT_PASSWORD=root'],
  ['secret-in-compose', 'environment:\n  DATABASE_URL: postgres://app:app@db/app'],
  ['secret-in-compose', 'environment:\n  JWT_SECRET: ${JWT_SECRET:-changeme}'],
  ['added-capability', 'cap_add: [SYS_ADMIN]'],
  ['confinement-off', 'security_opt:\n  - seccomp:unconfined'],
  ['debug-server', 'command: npm run dev'],
  ['debug-server', 'environment: [FLASK_DEBUG=1]'],
])('compose: reports %s in %s', (rule, service) => {
  expect(compose(service)).toEqual([rule])
})

test.each([
  ['image: redis:7\nports: ["127.0.0.1:6379:6379"]'],
  ['ports: ["8080:80", "6379"]'],
  ['volumes: ["./data:/var/lib/postgresql/data", "db:/data", "/etc/localtime:/etc/localtime:ro"]'],
  [
    'environment:\n  POSTGRES_PASSWORD: ${DB_PASSWORD:?missing}\n  POSTGRES_PASSWORD_FILE: /run/secrets/p\n  DEBUG: "false"',
  ],
  ['environment:\n  - SECRET_KEY\n  - TOKEN=${TOKEN}'],
  ['privileged: false\nuser: "1000:1000"\nnetwork_mode: bridge'],
  ['command: ["gunicorn", "app:app"]'],
])('compose: leaves alone %s', (service) => {
  expect(compose(service)).toEqual([])
})

test('compose: follows anchors and merges', () => {
  const { hits } = checkCompose(
    'compose.yaml',
    'x-base: &base\n  privileged: true\nservices:\n  a:\n    <<: *base\n    image: a:1\n  b:\n    <<: *base\n    privileged: false\n',
  )
  expect(hits.map(({ rule, message }) => [rule, message])).toEqual([['privileged', '`a` runs privileged.']])
})

test('compose: a file for development may run a development server', () => {
  expect(checkCompose('docker-compose.override.yml', 'services:\n  a:\n    command: npm run dev\n').hits).toEqual([])
})

test.each([
  ['directory-listing', 'server { location / { autoindex on; } }'],
  ['server-version-shown', 'http { server_tokens on; }'],
  ['alias-traversal', 'location /static { alias /app/static/; }'],
  ['alias-traversal', 'location ^~ /img { alias "/app/img/"; }'],
  ['weak-tls-version', 'ssl_protocols TLSv1 TLSv1.1 TLSv1.2;'],
  ['weak-tls-cipher', 'ssl_ciphers HIGH:RC4:!aNULL;'],
  ['cors-any-origin', "add_header Access-Control-Allow-Origin '*' always;"],
  [
    'cors-any-origin',
    'add_header Access-Control-Allow-Origin $http_origin; add_header Access-Control-Allow-Credentials true;',
  ],
  ['proxy-target-from-request', 'location /p { proxy_pass http://$arg_url; }'],
  ['redirect-from-request', 'location /r { return 302 $arg_next; }'],
])('nginx: reports %s in %s', (rule, text) => {
  expect(nginx(text)).toEqual([rule])
})

test.each([
  ['location /static/ { alias /app/static/; }'],
  ['location /static { alias /app/static; }'],
  ['location ~ ^/static { alias /app/static/; }'],
  ['location = /favicon.ico { alias /app/icons/; }'],
  ['server_tokens off; autoindex off; ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers HIGH:!aNULL:!MD5;'],
  ['add_header Access-Control-Allow-Origin https://a.test;'],
  ['location / { proxy_pass http://backend:5000; proxy_set_header Host $host; } # autoindex on;'],
  ['return 301 https://$host$request_uri;'],
])('nginx: leaves alone %s', (text) => {
  expect(nginx(text)).toEqual([])
})

test('nginx: reads blocks, quotes, comments and variables', () => {
  expect(
    parseNginx('# a { b }\nserver {\n  listen 80; # x\n  location ~ "\\.php$" { return 200 "a;b"; }\n}\n'),
  ).toEqual({
    directives: [
      {
        name: 'server',
        parameters: [],
        start: 10,
        end: 16,
        block: [
          { name: 'listen', parameters: ['80'], start: 21, end: 30, block: undefined },
          {
            name: 'location',
            parameters: ['~', '\\.php$'],
            start: 38,
            end: 57,
            block: [{ name: 'return', parameters: ['200', 'a;b'], start: 60, end: 76, block: undefined }],
          },
        ],
      },
    ],
    errors: [],
  })
})

test('nginx: never throws, and reads back what was written', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab{};"\'\\ \n#$') }), (text) => void parseNginx(text)),
    { seed: 5 },
  )
  const word = fc.stringMatching(/^[a-z]{1,6}$/)
  const tree = fc.letrec<{ directive: { name: string; parameters: string[]; block: unknown[] | undefined } }>(
    (tie) => ({
      directive: fc.record({
        name: word,
        parameters: fc.array(word, { maxLength: 3 }),
        block: fc.option(fc.array(tie('directive'), { maxLength: 3 }), {
          nil: undefined,
          maxDepth: 3,
          depthSize: 'small',
        }),
      }),
    }),
  ).directive
  type Plain = { name: string; parameters: readonly string[]; block: readonly unknown[] | undefined }
  const write = (each: Plain): string =>
    `${[each.name, ...each.parameters].join(' ')}${each.block === undefined ? ';' : ` {\n${(each.block as Plain[]).map(write).join('')}}\n`}`
  const plain = (each: Plain): Plain => ({
    name: each.name,
    parameters: [...each.parameters],
    block: each.block === undefined ? undefined : (each.block as Plain[]).map(plain),
  })
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 4 }), (directives) => {
      const read = parseNginx(directives.map(write).join('\n'))
      expect(read.errors).toEqual([])
      expect(read.directives.map(plain)).toEqual(directives)
    }),
    { seed: 6 },
  )
})

test('secrets are masked, broken files are gaps but still looked at', async () => {
  const { findings, coverage } = await analyzeFiles(containers, {
    Dockerfile: 'FROM a:1\nENV DB_PASSWORD=hunter2xyz\nUSER app\n',
    'docker-compose.yml': 'services:\n  a:\n    privileged: true\n    environment: [A: b\n',
    'nginx.conf': 'server {\n  autoindex on;\n',
  })
  expect(JSON.stringify(findings)).not.toContain('hunter2xyz')
  expect(findings.map((finding) => finding.rule)).toEqual(['secret-in-image', 'privileged', 'directory-listing'])
  expect(coverage.analysed).toBe(3)
  expect(coverage.gaps.map((gap) => gap.path)).toEqual(['docker-compose.yml', 'nginx.conf'])
})

test('does not apply without such files', async () => {
  expect(containers.applies(await appOf({ 'app.py': 'x = 1', 'config.yml': 'a: 1' }))).toEqual({
    applies: false,
    reason: 'No Dockerfile, compose file or nginx configuration.',
  })
})
