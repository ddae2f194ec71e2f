import type { Model } from './model.ts'

const addresses = [
  'window.location',
  'location',
  'document.location',
  'self.location',
  'top.location',
  'parent.location',
  'globalThis.location',
]
/** Files that are run in a page. */
const page = /\b(?:document|window)\s*\.|\\$\(|from\s+['"](?:react|vue|svelte)['"]|require\(['"]react['"]\)/
const answers = [
  ...['fetch', 'window.fetch', 'ky', 'ky.get', 'ky.post'].flatMap((name) => [`${name}().json`, `${name}().text`]),
  ...['axios', 'axios.get', 'axios.post', 'axios.put', 'axios.patch', 'axios.delete', 'axios.request'].flatMap(
    (name) => [
      `${name}().data`,
      ...['axios.create().get', 'axios.create().post', 'axios.create()'].map((client) => `${client}().data`),
    ],
  ),
  'XMLHttpRequest().responseText',
  'XMLHttpRequest().response',
]
const typed = ['getElementById', 'querySelector', 'getElementsByName', 'getElementsByClassName', 'forms'].map((name) =>
  name === 'forms' ? 'document.forms.*.value' : `document.${name}().value`,
)
const storage = ['localStorage', 'window.localStorage', 'sessionStorage', 'window.sessionStorage']
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
      names: addresses.flatMap((name) => [`${name}.search`, `${name}.hash`, `${name}.href`, `${name}.pathname`]),
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
    {
      names: answers,
      input: 'an answer of the server',
      kinds: ['html', 'script-url'],
      confidence: 'medium',
      within: page,
    },
    {
      names: [
        ...typed,
        'Event.target.value',
        'react.Element.value',
        'Event.currentTarget.value',
        '$().val',
        'jQuery().val',
        'prompt',
        'window.prompt',
      ],
      input: 'what is typed',
      kinds: ['html', 'code'],
      confidence: 'medium',
      within: page,
    },
    {
      names: storage.map((name) => `${name}.getItem`),
      input: 'the storage of the browser',
      kinds: ['html', 'code', 'script-url'],
      confidence: 'low',
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
      names: [
        ...addresses.map((name) => `${name}.assign`),
        ...addresses.map((name) => `${name}.replace`),
        'window.open',
      ],
      rule: 'open-redirect',
      kinds: ['redirect'],
      arguments: [0],
      fix: 'Allow only paths of this site: check that the address starts with a single `/`, or that its origin is this one.',
    },
  ],
  properties: [
    { names: ['innerHTML', 'outerHTML'], rule: 'cross-site-scripting', kinds: ['html'] },
    { names: ['srcdoc'], rule: 'cross-site-scripting', kinds: ['html'] },
    { names: ['href'], rule: 'open-redirect', kinds: ['redirect'], object: /(?:^|\.)location$/ },
    {
      names: ['location'],
      rule: 'open-redirect',
      kinds: ['redirect'],
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
