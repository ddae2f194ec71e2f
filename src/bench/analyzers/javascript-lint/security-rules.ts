import type { Confidence, Defect, Severity } from '#bench/findings'

/** What Assay says about one of oxlint's security rules. */
export interface SecurityEntry {
  readonly title: string
  readonly severity: Severity
  readonly confidence: Confidence
  readonly cwe: readonly number[]
  readonly why: string
  readonly fix: string
  readonly defect?: Defect
}

const code = {
  severity: 'high',
  cwe: [95],
  why: 'Whoever can influence the string runs any code, in the browser of a user or on the server.',
  defect: 'code-injection',
} as const

/** Rules of oxlint that find insecure code; `plugin/rule` as in its configuration. */
export const securityRules: Readonly<Record<string, SecurityEntry>> = {
  'eslint/no-eval': {
    title: 'Code evaluated from a string',
    ...code,
    confidence: 'medium',
    fix: 'Use `JSON.parse` for data, property access for names, a parser for formulas.',
  },
  'eslint/no-implied-eval': {
    title: 'Timer or handler given as a string',
    ...code,
    severity: 'medium',
    confidence: 'high',
    fix: 'Pass a function.',
  },
  'eslint/no-new-func': {
    title: 'Function made from a string',
    ...code,
    confidence: 'medium',
    fix: 'Write the function, or use a table of functions or a parser for the small language you need.',
  },
  'eslint/no-script-url': {
    title: '`javascript:` address',
    ...code,
    severity: 'medium',
    confidence: 'high',
    fix: 'Use a button with an event handler.',
  },
  'react/jsx-no-script-url': {
    title: '`javascript:` address in a link',
    ...code,
    severity: 'medium',
    confidence: 'high',
    fix: 'Use a button with an event handler.',
  },
  'react/no-danger': {
    title: 'HTML set without escaping',
    severity: 'medium',
    confidence: 'medium',
    cwe: [79],
    why: "If a part of the markup comes from a user, it runs as a script in other users' browsers.",
    fix: 'Render the text as children, or pass the markup through DOMPurify first.',
    defect: 'raw-html',
  },
  'react/jsx-no-target-blank': {
    title: 'New window can control this one',
    severity: 'low',
    confidence: 'high',
    cwe: [1022],
    why: 'In older browsers the opened page can send this one to a false sign-in page; in all it learns the address.',
    fix: 'Add `rel="noreferrer"`.',
    defect: 'target-blank-opener',
  },
  'react/iframe-missing-sandbox': {
    title: 'Frame without a sandbox',
    severity: 'low',
    confidence: 'medium',
    cwe: [1021],
    why: 'The framed page may run scripts, open windows and replace this page.',
    fix: 'Add `sandbox` with only what the framed page needs.',
  },
  'unicorn/require-post-message-target-origin': {
    title: 'Message sent without a target origin',
    severity: 'medium',
    confidence: 'medium',
    cwe: [346],
    why: 'Without an origin the message goes nowhere, or with `*` to whatever page the window shows.',
    fix: 'Name the origin as second argument.',
  },
  'unicorn/no-new-buffer': {
    title: 'Uninitialised buffer',
    severity: 'medium',
    confidence: 'medium',
    cwe: [908, 201],
    why: '`new Buffer(number)` showed old memory of the process, passwords included; deprecated since Node 6.',
    fix: 'Use `Buffer.from` or `Buffer.alloc`.',
  },
  'eslint/no-proto': {
    title: 'Prototype reached through `__proto__`',
    severity: 'low',
    confidence: 'medium',
    cwe: [1321],
    why: 'If what is assigned comes from outside, every object of the program changes.',
    fix: 'Use `Object.getPrototypeOf`, or `Object.create(null)` for dictionaries.',
    defect: 'prototype-pollution',
  },
}
