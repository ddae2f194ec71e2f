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

/** What goes back to browsers: pages, and templates that become pages. */
export const javascriptPageSinks: readonly Sink[] = [
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
]
