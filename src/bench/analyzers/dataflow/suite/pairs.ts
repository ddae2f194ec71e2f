import type { Defect } from '#bench/findings'

/** Where the cases of the suite are at home: frameworks, `node` and `python` for the standard library's servers, `dom` for pages. */
export const frameworkNames = [
  'flask',
  'fastapi',
  'django',
  'python',
  'express',
  'fastify',
  'koa',
  'next',
  'node',
  'dom',
  'react',
] as const
type Framework = (typeof frameworkNames)[number]

interface Pair {
  readonly weakness: Defect
  /** Where the weakness makes sense: cases of both labels are written for each. */
  readonly frameworks: readonly Framework[]
  /** Why it makes no sense in the others, or is tried elsewhere. */
  readonly without: readonly (readonly [names: readonly Framework[], reason: string])[]
}

const bare =
  'What is done with a library is the same in each framework; the standard server is tried with request and response alone.'
const inBrowsers = 'It happens on the server: a page has no database, no shell, no files and no session store.'
const noServer = 'Scripts in a page answer no requests.'
const trusted = 'What a page keeps or checks is in the hands of whoever opens it: nothing there is a protection.'

const python3 = ['flask', 'fastapi', 'django'] as const
const servers = ['express', 'fastify', 'koa', 'next', 'node'] as const
const pages = ['dom', 'react'] as const

const onServers = (weakness: Defect): Pair => ({
  weakness,
  frameworks: [...python3, ...servers],
  without: [
    [['python'], bare],
    [pages, inBrowsers],
  ],
})

/** Which weaknesses make sense in which frameworks; reviewed by hand. */
export const pairs: readonly Pair[] = [
  onServers('sql-injection'),
  onServers('nosql-injection'),
  onServers('command-injection'),
  onServers('path-traversal'),
  onServers('ssrf'),
  onServers('ldap-injection'),
  onServers('xpath-injection'),
  onServers('xxe'),
  onServers('insecure-deserialization'),
  onServers('template-injection'),
  onServers('log-injection'),
  {
    weakness: 'code-injection',
    frameworks: [...python3, ...servers, 'dom'],
    without: [
      [['python'], bare],
      [['react'], 'eval in a component is eval in the page: tried with dom.'],
    ],
  },
  { weakness: 'xss', frameworks: [...python3, ...servers, ...pages], without: [[['python'], bare]] },
  { weakness: 'open-redirect', frameworks: [...python3, ...servers, ...pages], without: [[['python'], bare]] },
  {
    weakness: 'redos',
    frameworks: [...python3, ...servers, 'dom'],
    without: [
      [['python'], bare],
      [['react'], 'An expression in a component blocks the page as any other: tried with dom.'],
    ],
  },
  {
    weakness: 'header-injection',
    frameworks: ['python'],
    without: [
      [['flask', 'django'], 'Werkzeug and Django refuse line ends in headers (ValueError, BadHeaderError).'],
      [['fastapi'], 'Servers that run it refuse line ends in headers (h11: LocalProtocolError).'],
      [servers, 'Node refuses line ends in headers (ERR_INVALID_CHAR).'],
      [pages, noServer],
    ],
  },
  {
    weakness: 'prototype-pollution',
    frameworks: ['express', 'fastify', 'koa'],
    without: [
      [[...python3, 'python'], 'Python has no prototypes.'],
      [['next', 'node'], bare],
      [
        pages,
        'The request that pollutes is answered by a server; links that do so in pages are redirects of code, tried with dom.',
      ],
    ],
  },
  {
    weakness: 'mass-assignment',
    frameworks: ['flask', 'django', 'express', 'koa'],
    without: [
      [['fastapi'], 'Bodies are models with named fields; a plain dictionary is as in flask.'],
      [['fastify', 'next'], 'Records are written by the same libraries as in express and koa.'],
      [['python', 'node'], bare],
      [pages, inBrowsers],
    ],
  },
  {
    weakness: 'csrf-disabled',
    frameworks: ['flask', 'django', 'express'],
    without: [
      [
        ['fastapi', 'python', 'node', 'next', 'koa', 'fastify'],
        'There is no protection that is on and could be switched off.',
      ],
      [pages, noServer],
    ],
  },
  {
    weakness: 'debug-enabled',
    frameworks: ['flask', 'django'],
    without: [
      [['fastapi', ...servers, 'python'], 'No debugger answers requests; what errors tell is tried as error-detail.'],
      [pages, noServer],
    ],
  },
  {
    weakness: 'error-detail',
    frameworks: [...python3, 'express', 'fastify', 'koa', 'next'],
    without: [
      [['python', 'node'], bare],
      [pages, noServer],
    ],
  },
  {
    weakness: 'insecure-cookie',
    frameworks: [...python3, 'express', 'fastify'],
    without: [
      [['koa', 'next'], 'Cookies are HttpOnly by default in Koa, and set like those of express in Next.'],
      [['python', 'node'], bare],
      [pages, 'A cookie set by a script cannot be HttpOnly; none is to be kept from scripts there.'],
    ],
  },
  {
    weakness: 'permissive-cors',
    frameworks: ['flask', 'fastapi', 'express'],
    without: [
      [['django', 'fastify', 'koa', 'next'], 'The middleware takes the same settings as that of flask or express.'],
      [['python', 'node'], bare],
      [pages, noServer],
    ],
  },
  {
    weakness: 'missing-authentication',
    frameworks: [...python3, 'express', 'next'],
    without: [
      [['fastify', 'koa'], 'Routes are compared as in express: hooks and middleware before a handler.'],
      [['python', 'node'], 'One function answers every route: there are no siblings to compare.'],
      [pages, trusted],
    ],
  },
  {
    weakness: 'unrestricted-upload',
    frameworks: ['flask', 'fastapi', 'express'],
    without: [
      [['django'], 'Storage changes the name of what is uploaded; files opened by hand are path-traversal.'],
      [['fastify', 'koa', 'next'], 'Uploads are written with the same functions of fs as in express.'],
      [['python', 'node'], bare],
      [pages, noServer],
    ],
  },
  {
    weakness: 'jwt-unverified',
    frameworks: [...python3, 'express', 'fastify', 'koa', 'next'],
    without: [
      [['python', 'node'], bare],
      [pages, trusted],
    ],
  },
  {
    weakness: 'hard-coded-credential',
    frameworks: [...python3, 'express', 'fastify', 'koa', 'next'],
    without: [
      [['python', 'node'], bare],
      [pages, 'What a page holds is public, and keys made for pages are written into them.'],
    ],
  },
  {
    weakness: 'timing-unsafe-comparison',
    frameworks: [...python3, 'express', 'fastify', 'koa', 'next'],
    without: [
      [['python', 'node'], bare],
      [pages, trusted],
    ],
  },
  {
    weakness: 'tls-verification-disabled',
    frameworks: [...python3, 'express', 'fastify', 'next', 'node'],
    without: [
      [['koa', 'python'], bare],
      [pages, 'Browsers check certificates; scripts cannot switch it off.'],
    ],
  },
  {
    weakness: 'weak-cipher',
    frameworks: [...python3, 'express', 'fastify', 'node'],
    without: [
      [['koa', 'next', 'python'], bare],
      [pages, 'The platform of the browser has no broken cipher.'],
    ],
  },
  {
    weakness: 'weak-hash',
    frameworks: [...python3, 'express', 'fastify', 'next', 'node'],
    without: [
      [['koa', 'python'], bare],
      [pages, trusted],
    ],
  },
  {
    weakness: 'weak-password-storage',
    frameworks: [...python3, 'express', 'fastify', 'koa', 'next'],
    without: [
      [['python', 'node'], bare],
      [pages, inBrowsers],
    ],
  },
  {
    weakness: 'weak-random',
    frameworks: [...python3, 'express', 'fastify', 'next', 'node'],
    without: [
      [['koa', 'python'], bare],
      [pages, trusted],
    ],
  },
]
