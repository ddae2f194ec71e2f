import type { Model } from './model.ts'

const page = [
  'window.location',
  'location',
  'document.location',
  'self.location',
  'top.location',
  'parent.location',
  'globalThis.location',
]
const without = [
  'structure',
  'sql',
  'nosql',
  'shell',
  'ldap',
  'xpath',
  'xml',
  'path',
  'deserialise',
  'template',
  'ssrf',
  'log',
  'header',
] as const

/** The document, React and routers in the browser. Sources: developer.mozilla.org (Location, Element, Document), react.dev, reactrouter.com. */
export const browser: Model = {
  sources: [
    {
      names: page.flatMap((name) => [`${name}.search`, `${name}.hash`, `${name}.href`, `${name}.pathname`]),
      input: 'the address of the page',
      without,
    },
    {
      names: ['document.URL', 'document.documentURI', 'document.baseURI', 'document.referrer', 'window.name'],
      input: 'the address of the page',
      without,
    },
    { names: ['MessageEvent.data'], input: 'a message from another window', without },
    {
      names: [
        'react-router-dom.useSearchParams',
        'react-router-dom.useParams',
        'react-router.useParams',
        'react-router.useSearchParams',
        'next/navigation.useSearchParams',
        'next/navigation.useParams',
        'react-router-dom.useLocation',
      ],
      input: 'the address of the page',
      without,
    },
    {
      names: [
        'next/router.useRouter().query',
        'react-router-dom.useLocation().search',
        'vue-router.useRoute().query',
        'vue-router.useRoute().params',
      ],
      input: 'the address of the page',
      without,
    },
  ],
  sinks: [
    {
      names: [
        'document.write',
        'document.writeln',
        'window.document.write',
        'document.createRange().createContextualFragment',
      ],
      rule: 'cross-site-scripting',
      kinds: ['html'],
      arguments: [0],
    },
    {
      names: ['?.insertAdjacentHTML', '*.insertAdjacentHTML'],
      rule: 'cross-site-scripting',
      kinds: ['html'],
      arguments: [1],
    },
    {
      names: [
        '$().html',
        '$().append',
        '$().prepend',
        '$().after',
        '$().before',
        'jquery().html',
        'jquery().append',
        'jQuery().html',
        'jQuery().append',
        '$',
      ],
      rule: 'cross-site-scripting',
      kinds: ['html'],
      arguments: [0],
    },
    { names: ['?.html'], rule: 'cross-site-scripting', kinds: ['html'], arguments: [0], receiver: /^\$/ },
    {
      names: [...page.map((name) => `${name}.assign`), ...page.map((name) => `${name}.replace`), 'window.open'],
      rule: 'open-redirect',
      kinds: ['redirect-host'],
      arguments: [0],
      fix: 'Allow only paths of this site: check that the address starts with a single `/`, or that its origin is this one.',
    },
  ],
  properties: [
    { names: ['innerHTML', 'outerHTML'], rule: 'cross-site-scripting', kinds: ['html'] },
    { names: ['srcdoc'], rule: 'cross-site-scripting', kinds: ['html'] },
    { names: ['href'], rule: 'open-redirect', kinds: ['redirect-host'], object: /(?:^|\.)location$/ },
    {
      names: ['location'],
      rule: 'open-redirect',
      kinds: ['redirect-host'],
      object: /^(?:window|document|self|top|parent)$/,
    },
    {
      names: ['href', 'src', 'action'],
      rule: 'cross-site-scripting',
      kinds: ['script-url'],
      object: /^(?!.*location$)(?!.*(?:img|image|audio|video))/i,
    },
  ],
  entries: [
    {
      names: ['window.addEventListener', 'addEventListener', 'self.addEventListener'],
      parameters: { by: 'position', types: ['MessageEvent'] },
      functions: 1,
      when: [{ argument: 0, is: ['message'] }],
    },
  ],
  clean: [
    'document.getElementById',
    'document.querySelector',
    'document.createTextNode',
    'window.open',
    'localStorage.*',
  ],
}
