// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these strings hold code of other programs
import type { Sink } from './sink.ts'

const sqlEscaped = { value: `$V.replace(/'/g, "''")`, why: 'Doubling quotes is for SQL strings; angle brackets pass.' }
const people = {
  cwe: 79,
  name: 'name',
  template: '<b>Hello {}</b>',
  text: 'markup',
  allowed: ['Ada', 'Grace', 'Edsger'],
  pattern: '[A-Za-z ]+',
  number: true,
  wrong: [
    sqlEscaped,
    { value: "$V.replace('<script>', '')", why: 'An img with onerror runs code without a script element.' },
  ],
} as const
const purified = {
  value: 'DOMPurify.sanitize($V)',
  imports: ["import DOMPurify from 'dompurify'"],
  why: 'DOMPurify leaves nothing that runs code.',
}
const address = {
  weakness: 'open-redirect',
  cwe: 601,
  name: 'target',
  task: 'go_on',
  template: '{}',
  text: 'address',
  allowed: ['/', '/account', '/orders'],
  pattern: '/[a-z]+',
} as const

/** What scripts do in the browser. */
export const browserSinks: readonly Sink[] = [
  {
    ...people,
    weakness: 'xss',
    frameworks: ['dom'],
    task: 'show_greeting',
    call: "document.getElementById('greeting').innerHTML = $Q$!",
    right: [
      {
        call: "document.getElementById('greeting').textContent = 'Hello ' + $V",
        why: 'textContent never becomes markup.',
      },
      purified,
    ],
  },
  {
    ...people,
    weakness: 'xss',
    frameworks: ['dom'],
    task: 'show_notice',
    call: "document.querySelector('#notices').insertAdjacentHTML('beforeend', $Q)$!",
    right: [
      {
        call: "const notice = document.createElement('b')\nnotice.append(document.createTextNode($V))\ndocument.querySelector('#notices').append(notice)",
        why: 'A text node never becomes markup.',
      },
    ],
  },
  {
    ...people,
    weakness: 'xss',
    frameworks: ['dom'],
    task: 'write_banner',
    call: 'document.write($Q)$!',
    right: [
      {
        value: "$V.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\"/g, '&quot;')",
        why: 'Between tags the escaped value stays text.',
      },
    ],
  },
  {
    ...people,
    weakness: 'xss',
    frameworks: ['react'],
    task: 'show_note',
    call: 'return <div dangerouslySetInnerHTML={{ __html: $Q }} />$!',
    right: [purified, { call: 'return <b>Hello {$V}</b>', why: 'React escapes text children.' }],
  },
  {
    ...people,
    weakness: 'xss',
    frameworks: ['react'],
    name: 'draft',
    task: 'preview_draft',
    template: '{}',
    allowed: ['<p>News</p>', '<p>Sport</p>', '<p>Weather</p>'],
    text: 'source',
    call: 'return <iframe title="preview" srcDoc={$Q} />$!',
    number: true,
    right: [purified],
    wrong: [sqlEscaped],
  },
  {
    ...address,
    frameworks: ['dom'],
    call: 'window.location.href = $Q$!',
    right: [
      {
        lines: 'const parsed = new URL($V, location.origin)\nif (parsed.origin !== location.origin) {\n  $DENY\n}',
        call: 'window.location.href = parsed.href',
        why: 'Only addresses of this origin are followed.',
      },
    ],
    wrong: [
      { value: 'encodeURI($V)', why: 'encodeURI leaves an absolute address as it is.' },
      { lines: "if (!$V.startsWith('/')) {\n  $DENY\n}", why: 'An address that starts with // names another host.' },
    ],
  },
  {
    ...address,
    frameworks: ['react'],
    call: 'window.location.assign($Q)$!\nreturn null',
    right: [
      {
        lines:
          'const parsed = new URL($V, window.location.origin)\nif (parsed.origin !== window.location.origin) {\n  $DENY\n}',
        call: 'window.location.assign(parsed.href)\nreturn null',
        why: 'Only addresses of this origin are followed.',
      },
    ],
    wrong: [
      {
        lines: "if (!$V.includes('example.com')) {\n  $DENY\n}",
        why: 'The name may stand anywhere: example.com.attacker.net.',
      },
    ],
  },
]
