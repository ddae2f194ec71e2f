// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these strings hold code of other programs
import type { Sink, Treatment } from './sink.ts'

const crossSite: readonly string[] = ['query', 'params']
const sqlEscaped: Treatment = {
  value: `$V.replace(/'/g, "''")`,
  why: 'Doubling quotes is for SQL strings; angle brackets pass.',
}
const escaped: Treatment = {
  value: 'escapeHtml($V)',
  imports: ["import escapeHtml from 'escape-html'"],
  why: 'What is escaped for HTML stays text in the page.',
}

const page = {
  weakness: 'xss',
  cwe: 79,
  name: 'name',
  task: 'show_greeting',
  template: '<h1>Hello {}</h1>',
  text: 'page',
  allowed: ['Ada', 'Grace', 'Edsger'],
  pattern: '[A-Za-z ]+',
  number: true,
  sources: crossSite,
  right: [escaped],
  wrong: [
    sqlEscaped,
    { value: "$V.replace('<script>', '')", why: 'There are other elements and attributes that run code.' },
    { value: 'JSON.stringify($V)', why: 'JSON strings may hold angle brackets.' },
  ],
} as const

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

/** What goes back to browsers and out to other servers. */
export const javascriptWebSinks: readonly Sink[] = [
  {
    ...page,
    frameworks: ['express'],
    needs: ['res'],
    call: 'res.send($Q)$!',
    right: [
      escaped,
      { call: "res.type('text/plain').send('Hello ' + $V)", why: 'Plain text is not rendered as a page.' },
      { call: 'res.json({ greeting: `Hello ${$V}` })', why: 'JSON is not rendered as a page.' },
    ],
  },
  { ...page, frameworks: ['fastify'], needs: ['reply'], call: "return reply.type('text/html').send($Q)$!" },
  {
    ...page,
    frameworks: ['koa'],
    needs: ['ctx'],
    call: "ctx.type = 'text/html'\nctx.body = $Q$!",
    right: [
      escaped,
      { call: "ctx.type = 'text/plain'\nctx.body = 'Hello ' + $V", why: 'Plain text is not rendered as a page.' },
    ],
  },
  {
    ...page,
    frameworks: ['next'],
    call: "return new NextResponse($Q, { headers: { 'content-type': 'text/html' } })$!",
    right: [
      escaped,
      { call: 'return NextResponse.json({ greeting: `Hello ${$V}` })', why: 'JSON is not rendered as a page.' },
    ],
  },
  {
    ...page,
    frameworks: ['node'],
    needs: ['res'],
    call: "res.setHeader('content-type', 'text/html')\nres.end($Q)$!",
    right: [
      escaped,
      {
        call: "res.setHeader('content-type', 'text/plain')\nres.end('Hello ' + $V)",
        why: 'Plain text is not rendered as a page.',
      },
    ],
  },
  {
    weakness: 'template-injection',
    cwe: 1336,
    frameworks: ['express', 'fastify', 'koa', 'next'],
    imports: ["import ejs from 'ejs'"],
    name: 'greeting',
    task: 'preview_mail',
    template: '{}, your order has left.',
    text: 'source',
    call: "const mail = ejs.render($Q, { shop: 'Example' })$!",
    out: 'mail',
    allowed: ['Dear customer', 'Hello', 'Good morning'],
    pattern: '[A-Za-z ]+',
    number: true,
    right: [
      {
        call: "const mail = ejs.render('<%= greeting %>, your order has left.', { greeting: $V })",
        why: 'The value is data of a constant template.',
      },
    ],
    wrong: [
      { value: "$V.replace(/'/g, '&#39;')", why: 'Escaping quotes leaves the delimiters of the template language.' },
    ],
  },
  {
    weakness: 'template-injection',
    cwe: 1336,
    frameworks: ['express', 'fastify', 'koa'],
    imports: ["import pug from 'pug'"],
    name: 'headline',
    task: 'preview_page',
    template: 'h1 {}',
    text: 'source',
    call: 'const markup = pug.compile($Q)({})$!',
    out: 'markup',
    allowed: ['News', 'Sport', 'Weather'],
    pattern: '[A-Za-z ]+',
    number: true,
    right: [
      {
        call: "const markup = pug.compile('h1= headline')({ headline: $V })",
        why: 'The value is data of a constant template.',
      },
    ],
    wrong: [{ value: '$V.trim()', why: 'Trimming leaves #{ }.' }],
  },
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
