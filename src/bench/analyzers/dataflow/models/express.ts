import type { Model } from './model.ts'

const types = ['express.Request', 'express.Response', 'express.Next'] as const
const verbs = ['get', 'post', 'put', 'patch', 'delete', 'all', 'use', 'head', 'options']
const onRouters = (names: readonly string[]): string[] =>
  [
    'express()',
    'express.Router()',
    'express().route()',
    'express.Router().route()',
    'express-promise-router()',
    '*.route()',
  ].flatMap((router) => names.map((name) => `${router}.${name}`))
const responses = (name: string): string[] => [
  `express.Response.${name}`,
  `express.Response.status().${name}`,
  `express.Response.type().${name}`,
  `express.Response.set().${name}`,
  `express.Response.header().${name}`,
]
const notHtml = /^(?!.*(?:html|svg|xml)).+/i

/** Express and its middleware. Sources: expressjs.com/en/5x/api.html (Request, Response, Router). */
export const express: Model = {
  sources: [
    { names: ['express.Request.query'], input: 'the query string' },
    { names: ['express.Request.body', 'express.Request.rawBody'], input: 'the request body' },
    {
      names: ['express.Request.params', 'express.Request.param'],
      input: 'the path of the address',
      without: ['structure'],
    },
    {
      names: ['express.Request.headers', 'express.Request.get', 'express.Request.header'],
      input: 'a request header',
      without: ['structure', 'header'],
    },
    {
      // No link or page makes a browser send another one.
      names: ['express.Request.hostname', 'express.Request.headers.host', 'express.Request.host'],
      input: 'a request header',
      without: ['structure', 'header', 'redirect', 'html'],
    },
    { names: ['express.Request.cookies'], input: 'a cookie', without: ['property'] },
    {
      // Still percent-encoded: Node refuses raw line ends in the request line, so none reaches a log or a header.
      names: ['express.Request.originalUrl', 'express.Request.url', 'express.Request.path'],
      input: 'the address of the request',
      without: ['structure', 'header', 'log', 'redirect-host'],
      own: true,
    },
    {
      names: ['express.Request.files', 'express.Request.file'],
      input: 'an uploaded file',
      without: ['structure', 'path'],
    },
  ],
  sinks: [
    {
      names: [...responses('send'), ...responses('write'), ...responses('end')],
      rule: 'cross-site-scripting',
      kinds: ['html'],
      arguments: [0],
      unlessMarked: 'plain',
      fix: 'Render a template that escapes, send JSON with res.json, or escape the value (escape-html).',
    },
    { names: responses('redirect'), rule: 'open-redirect', kinds: ['redirect'], arguments: [0, 1] },
    { names: ['express.Response.location'], rule: 'open-redirect', kinds: ['redirect'], arguments: [0] },
    {
      names: [...responses('sendFile'), ...responses('sendfile')],
      rule: 'path-traversal',
      kinds: ['path'],
      arguments: [0],
      when: [{ argument: 1, field: 'root', given: false }],
    },
    { names: responses('download'), rule: 'path-traversal', kinds: ['path'], arguments: [0] },
    { names: responses('render'), rule: 'path-traversal', kinds: ['path'], arguments: [0] },
    {
      names: [...responses('setHeader'), ...responses('set'), ...responses('header'), ...responses('append')],
      rule: 'header-injection',
      kinds: ['header'],
      arguments: [0, 1],
      // Node refuses line ends in headers (ERR_INVALID_CHAR).
      confidence: 'low',
    },
    { names: ['?.mv'], rule: 'path-traversal', kinds: ['path'], arguments: [0] },
  ],
  types: [
    // Names that nothing in the file defines: parts of programs.
    { names: ['req', 'request'], is: 'express.Request' },
    { names: ['res', 'response'], is: 'express.Response' },
    { names: ['app'], is: 'express()' },
    { names: ['router'], is: 'express.Router()' },
    {
      names: [
        'express.Response.status()',
        'express.Response.cookie()',
        'express.Response.append()',
        'express.Response.clearCookie()',
      ],
      is: 'express.Response',
    },
    { names: ['express.Request()'], is: 'express.Request' },
    { names: ['express.Response()'], is: 'express.Response' },
    { names: ['express.Request.request'], is: 'express.Request' },
    { names: ['express.default'], is: 'express' },
  ],
  entries: [{ names: onRouters(verbs), parameters: { by: 'position', types }, functions: 'all' }],
  conventions: [{ names: [/^_?req(?:uest)?$/, /^_?res(?:ponse)?$/], types }],
  marks: [
    {
      names: ['express.Response.type', 'express.Response.contentType'],
      mark: 'plain',
      when: [{ argument: 0, matches: notHtml }],
    },
    {
      names: ['express.Response.set', 'express.Response.setHeader', 'express.Response.header'],
      mark: 'plain',
      when: [
        { argument: 0, matches: /^content-type$/i },
        { argument: 1, matches: notHtml },
      ],
    },
  ],
  clean: ['express.Response.*', 'express.*'],
}
