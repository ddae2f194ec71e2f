import type { CallSite, Model } from './model.ts'

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'all', 'use', 'del']
const on = (things: readonly string[], names: readonly string[]): string[] =>
  things.flatMap((thing) => names.map((name) => `${thing}.${name}`))
const html = /html|svg/i

/** Whether what a decorator of Nest fills in is text: no pipe makes a number, a truth or an identifier of it. */
function isText({ args }: CallSite): boolean {
  return !args.positional.some(({ refs }) =>
    refs.some(
      (ref) => ref.kind === 'external' && /\.Parse(?:Int|Float|Bool|UUID|Enum|Date)Pipe(?:\(\))?$/.test(ref.name),
    ),
  )
}

/**
 * Fastify, Koa, Next and Nest. Sources: fastify.dev/docs (Request, Reply), koajs.com, nextjs.org/docs (route handlers, API routes),
 * docs.nestjs.com (controllers, pipes).
 */
export const nodeFrameworks: Model = {
  sources: [
    { names: ['next.Context.params', 'next.Props.params'], input: 'the path of the address', without: ['structure'] },
    { names: ['next.Props.searchParams'], input: 'the query string', without: ['property'] },
    { names: ['next.Form'], input: 'a form field', without: ['structure'] },
    {
      names: ['next/headers.cookies().get', 'next/headers.headers().get'],
      input: 'a request header',
      without: ['structure', 'header'],
    },
    {
      names: ['fastify.Request.query', 'koa.Context.query', 'koa.Context.request.query', 'koa.Context.querystring'],
      input: 'the query string',
      without: ['property'],
    },
    {
      names: [
        'fastify.Request.body',
        'koa.Context.request.body',
        'next.Request.json',
        'next.Request.text',
        'next.Request.formData',
      ],
      input: 'the request body',
    },
    {
      names: ['fastify.Request.params', 'koa.Context.params'],
      input: 'the path of the address',
      without: ['structure'],
    },
    {
      names: [
        'fastify.Request.headers',
        'koa.Context.headers',
        'koa.Context.get',
        'koa.Context.request.headers',
        'next.Request.headers',
      ],
      input: 'a request header',
      without: ['structure', 'header'],
    },
    {
      names: ['@nestjs/common.Query'],
      input: 'the query string',
      without: ['structure'],
      judge: isText,
    },
    { names: ['@nestjs/common.Param'], input: 'the path of the address', without: ['structure'], judge: isText },
    { names: ['@nestjs/common.Body'], input: 'the request body', without: ['structure'], judge: isText },
    {
      names: ['@nestjs/common.Headers'],
      input: 'a request header',
      without: ['structure', 'header'],
      judge: isText,
    },
    {
      names: ['@nestjs/common.UploadedFile', '@nestjs/common.UploadedFiles'],
      input: 'an uploaded file',
      without: ['structure', 'path'],
    },
    {
      names: ['fastify.Request.cookies', 'koa.Context.cookies.get', 'next.Request.cookies'],
      input: 'a cookie',
      without: ['structure'],
    },
    {
      names: ['next.Request.url', 'next.Request.nextUrl'],
      input: 'the address of the request',
      without: ['structure', 'header'],
      own: true,
    },
    {
      names: ['koa.Context.url', 'fastify.Request.url', 'koa.Context.path'],
      input: 'the address of the request',
      without: ['structure', 'header'],
      own: true,
    },
  ],
  sinks: [
    {
      names: [
        'fastify.Reply.redirect',
        'koa.Context.redirect',
        'next/server.NextResponse.redirect',
        'next/navigation.redirect',
        'next/navigation.permanentRedirect',
        'Response.redirect',
      ],
      rule: 'open-redirect',
      kinds: ['redirect'],
      arguments: [0, 1],
    },
    {
      names: ['fastify.Reply.send'],
      rule: 'cross-site-scripting',
      kinds: ['html'],
      arguments: [0],
      whenMarked: 'page',
    },
    {
      names: ['koa.Context.body='],
      rule: 'cross-site-scripting',
      kinds: ['html'],
      arguments: [0],
      unlessMarked: 'plain',
    },
    {
      names: ['koa.Context.response.body='],
      rule: 'cross-site-scripting',
      kinds: ['html'],
      arguments: [0],
      unlessMarked: 'plain',
    },
    {
      names: ['Response', 'next/server.NextResponse'],
      rule: 'cross-site-scripting',
      kinds: ['html'],
      arguments: [0],
      when: [{ argument: 1, field: 'headers.Content-Type', matches: html }],
    },
    { names: ['fastify.Reply.sendFile'], rule: 'path-traversal', kinds: ['path'], arguments: [1] },
    {
      names: ['fastify.Reply.header', 'fastify.Reply.headers', 'koa.Context.set'],
      rule: 'header-injection',
      kinds: ['header'],
      arguments: [1],
      // Node refuses line ends in headers (ERR_INVALID_CHAR).
      confidence: 'low',
    },
  ],
  types: [
    {
      names: ['fastify.Reply.code()', 'fastify.Reply.status()', 'fastify.Reply.type()', 'fastify.Reply.header()'],
      is: 'fastify.Reply',
    },
    { names: ['koa.Context.response'], is: 'koa.Context' },
    { names: ['@nestjs/common.Req()', '@nestjs/common.Request()'], is: 'express.Request' },
    { names: ['@nestjs/common.Res()', '@nestjs/common.Response()'], is: 'express.Response' },
    { names: ['next.Request.nextUrl.clone()'], is: 'next.Request.nextUrl' },
    { names: ['fastify.default', 'fastify.fastify'], is: 'fastify' },
  ],
  entries: [
    {
      names: on(['fastify()', '?'], ['route']),
      parameters: { by: 'position', types: ['fastify.Request', 'fastify.Reply'] },
      functions: 'all',
    },
    {
      names: on(['fastify()', 'fastify.Instance'], ['get', 'post', 'put', 'patch', 'delete', 'all', 'addHook']),
      parameters: { by: 'position', types: ['fastify.Request', 'fastify.Reply'] },
      functions: 'all',
    },
    { names: ['fastify().register'], parameters: { by: 'position', types: ['fastify.Instance'] }, functions: 'all' },
    {
      names: [
        ...on(['koa-router()', '@koa/router()', 'koa-router.Router()', '@koa/router.Router()'], verbs),
        'koa().use',
      ],
      parameters: { by: 'position', types: ['koa.Context'] },
      functions: 'all',
    },
  ],
  conventions: [
    { names: [/./], types: ['next.Request', 'next.Context'], function: /^(?:GET|POST|PUT|PATCH|DELETE|HEAD)$/ },
    { names: [/^formData$/], types: ['next.Form'] },
    { names: [/^\$0$|^props$/], types: ['next.Props'], function: /Page$/ },
    // Many things are called `ctx`; Koa's is answered by assignment.
    {
      names: [/^ctx$/],
      types: ['koa.Context'],
      within: /['"](?:@koa\/|koa[-/'"])|\bctx\.(?:body|status|type)\s*=(?!=)/,
    },
    { names: [/^_?req(?:uest)?$/, /^_?reply$/], types: ['fastify.Request', 'fastify.Reply'] },
  ],
  marks: [
    {
      names: ['koa.Context.type=', 'koa.Context.response.type='],
      mark: 'plain',
      when: [{ argument: 0, matches: /^(?!.*(?:html|svg|xml)).+/i }],
    },
    {
      names: ['koa.Context.set', 'koa.Context.response.set'],
      mark: 'plain',
      when: [
        { argument: 0, matches: /^content-type$/i },
        { argument: 1, matches: /^(?!.*(?:html|svg|xml)).+/i },
      ],
    },
    { names: ['fastify.Reply.type'], mark: 'page', when: [{ argument: 0, matches: html }] },
    {
      names: ['fastify.Reply.header'],
      mark: 'page',
      when: [
        { argument: 0, matches: /^content-type$/i },
        { argument: 1, matches: html },
      ],
    },
  ],
}
