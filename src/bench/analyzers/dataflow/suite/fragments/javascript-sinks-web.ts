// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these strings hold code of other programs
import type { Sink, Treatment } from './sink.ts'

const crossSite: readonly string[] = ['query', 'params']

const target = {
  weakness: 'open-redirect',
  cwe: 601,
  name: 'target',
  task: 'go_on',
  template: '{}',
  text: 'address',
  allowed: ['/', '/account', '/orders'],
  pattern: '/[a-z]+',
  sources: crossSite,
  wrong: [
    { value: 'encodeURI($V)', why: 'encodeURI leaves an absolute address as it is.' },
    { lines: "if (!$V.startsWith('/')) {\n  $DENY\n}", why: 'An address that starts with // names another host.' },
    {
      lines: "if (!$V.includes('example.com')) {\n  $DENY\n}",
      why: 'The name may stand anywhere: example.com.attacker.net.',
    },
  ],
} as const

const sameOrigin = (answer: string): Treatment => ({
  lines: `const parsed = new URL($V, 'https://shop.example.com')\nif (parsed.origin !== 'https://shop.example.com') {\n  $DENY\n}`,
  call: answer,
  why: 'The parsed address has to be of this origin, and only its path is used.',
})
const local = "'https://shop.example.com' + parsed.pathname"

/** Where browsers are sent, what other servers are asked, and what documents and expressions do when they are read. */
export const javascriptWebSinks: readonly Sink[] = [
  {
    ...target,
    frameworks: ['express'],
    needs: ['res'],
    call: 'res.redirect($Q)$!',
    right: [
      sameOrigin(`res.redirect(${local})`),
      {
        call: 'res.redirect(`/show?page=${encodeURIComponent($V)}`)',
        why: 'The input is an encoded parameter of an address of this app.',
      },
    ],
  },
  {
    ...target,
    frameworks: ['fastify'],
    needs: ['reply'],
    call: 'return reply.redirect($Q)$!',
    right: [sameOrigin(`return reply.redirect(${local})`)],
  },
  {
    ...target,
    frameworks: ['koa'],
    needs: ['ctx'],
    call: 'ctx.redirect($Q)$!',
    right: [sameOrigin(`ctx.redirect(${local})`)],
  },
  {
    ...target,
    frameworks: ['next'],
    imports: ["import { redirect } from 'next/navigation'"],
    call: 'redirect($Q)$!',
    right: [
      sameOrigin(`redirect(${local})`),
      {
        call: 'return NextResponse.redirect(new URL(`/show?page=${encodeURIComponent($V)}`, request.url))',
        why: 'The host stays; the input is an encoded parameter.',
      },
    ],
  },
  {
    ...target,
    frameworks: ['node'],
    needs: ['res'],
    call: 'res.writeHead(302, { Location: $Q })$!\nres.end()',
    right: [sameOrigin(`res.writeHead(302, { Location: ${local} })\nres.end()`)],
  },
  {
    weakness: 'ssrf',
    cwe: 918,
    frameworks: ['express', 'fastify', 'koa', 'next', 'node'],
    name: 'address',
    task: 'fetch_preview',
    template: '{}',
    text: 'location',
    call: 'const response = await fetch($Q)$!\nconst body = await response.text()',
    out: 'body',
    waits: true,
    allowed: ['https://api.example.com/a', 'https://api.example.com/b', 'https://cdn.example.com/c'],
    pattern: 'https://api\\.example\\.com/[a-z]+',
    right: [
      {
        lines:
          "const parsed = new URL($V)\nif (parsed.protocol !== 'https:' || parsed.host !== 'api.example.com') {\n  $DENY\n}",
        why: 'Only one host is let through, compared as a whole.',
      },
      {
        call: 'const response = await fetch(`https://api.example.com/search?q=${encodeURIComponent($V)}`)\nconst body = await response.text()',
        why: 'The host is fixed; the input is an encoded parameter.',
      },
    ],
    wrong: [
      { value: 'encodeURI($V)', why: 'encodeURI leaves an absolute address as it is.' },
      {
        lines: "if (!$V.startsWith('https://api.example.com')) {\n  $DENY\n}",
        why: 'The prefix also begins https://api.example.com.attacker.net.',
      },
      {
        lines: "if ($V.includes('localhost')) {\n  $DENY\n}",
        why: 'There are other names for internal hosts: 127.0.0.1, 169.254.169.254.',
      },
    ],
  },
  {
    weakness: 'ssrf',
    cwe: 918,
    frameworks: ['express', 'koa', 'fastify'],
    imports: ["import axios from 'axios'"],
    name: 'host',
    task: 'check_health',
    template: 'http://{}/health',
    text: 'location',
    call: 'const { status } = await axios.get($Q)$!',
    out: 'status',
    waits: true,
    allowed: ['web.internal', 'mail.internal', 'shop.internal'],
    right: [
      {
        lines: "if (!['web.internal', 'mail.internal'].includes($V)) {\n  $DENY\n}",
        why: 'Only two hosts are let through.',
      },
    ],
    wrong: [
      {
        lines: "if (!$V.endsWith('internal')) {\n  $DENY\n}",
        why: 'Whatever precedes the ending is up to the attacker: 169.254.169.254/latest?internal.',
      },
    ],
  },
  {
    weakness: 'xxe',
    cwe: 611,
    frameworks: ['express', 'fastify', 'koa'],
    imports: ["import libxmljs from 'libxmljs2'"],
    name: 'document',
    task: 'read_invoice',
    template: '{}',
    text: 'source',
    call: "const parsed = libxmljs.parseXml($Q, { noent: true, dtdload: true })$!\nconst total = parsed.get('//total').text()",
    out: 'total',
    allowed: ['<i><total>1</total></i>', '<i><total>2</total></i>', '<i><total>3</total></i>'],
    right: [
      {
        call: "const parsed = libxmljs.parseXml($V, { noent: false, nonet: true })\nconst total = parsed.get('//total').text()",
        why: 'Entities are not replaced and nothing is loaded.',
      },
      {
        call: "const parsed = libxmljs.parseXml($V)\nconst total = parsed.get('//total').text()",
        why: 'By default entities are not replaced.',
      },
    ],
    wrong: [{ value: "$V.replace('<!ENTITY', '')", why: 'Only the first declaration is removed.' }],
  },
  {
    weakness: 'redos',
    cwe: 1333,
    frameworks: ['express', 'fastify', 'koa', 'node', 'next'],
    imports: ["import fs from 'node:fs'"],
    setup: "const lines = fs.readFileSync('catalogue.txt', 'utf8').split('\\n')",
    name: 'term',
    task: 'search_lines',
    template: '^.*{}',
    text: 'expression',
    call: "const search = new RegExp($Q, 'i')$!\nconst found = lines.filter((line) => search.test(line))",
    out: 'found',
    allowed: ['apple', 'pear', 'plum'],
    pattern: '[a-z0-9 ]+',
    number: true,
    right: [
      { value: "$V.replace(/[.*+?^${}()|[\\]\\\\]/g, '\\\\$&')", why: 'Escaped, the input only matches itself.' },
      {
        call: 'const found = lines.filter((line) => line.includes($V))',
        why: 'Searching a substring takes linear time.',
      },
    ],
    wrong: [{ value: "$V.replace(/</g, '&lt;')", why: 'HTML escaping leaves quantifiers and groups.' }],
  },
]
