import type { Sink, Treatment } from './sink.ts'

const all = ['flask', 'fastapi', 'django']
const htmlEscaped: Treatment = {
  value: 'escape($V)',
  imports: ['from html import escape'],
  why: 'An address needs no character that HTML escaping changes.',
}

/** Sources that a link or form on the attacker's page fills for the victim. */
const crossSite: readonly string[] = ['query', 'form', 'values', 'parameter', 'request']

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
} as const

const wrongTargets: readonly Treatment[] = [
  htmlEscaped,
  { lines: 'if not $V.startswith("/"):\n    $DENY', why: 'An address that starts with // names another host.' },
  { lines: 'if "example.com" not in $V:\n    $DENY', why: 'The name may stand anywhere: example.com.attacker.net.' },
]

/** Where browsers are sent, what other servers are asked, and what documents and expressions do when they are read. */
export const pythonWebSinks: readonly Sink[] = [
  {
    ...target,
    frameworks: ['flask'],
    imports: ['from urllib.parse import urlsplit'],
    call: 'return redirect($Q)$!',
    right: [
      {
        lines:
          'if urlsplit($V.replace("\\\\", "/")).netloc or urlsplit($V).scheme or not $V.startswith("/") or $V[1:2] in ("/", "\\\\"):\n    $DENY',
        why: 'Addresses with a host or scheme, also after a backslash, are refused.',
      },
      {
        call: 'return redirect(url_for("show", page=$V))',
        imports: ['from flask import url_for'],
        setup: '@app.route("/show")\ndef show():\n    return jsonify(page=request.args.get("page", ""))',
        why: 'The input is a query parameter of an address of this app.',
      },
    ],
    wrong: wrongTargets,
  },
  {
    ...target,
    frameworks: ['fastapi'],
    imports: ['from urllib.parse import quote'],
    call: 'return RedirectResponse($Q, status_code=303)$!',
    right: [
      {
        call: 'return RedirectResponse("/pages?name=" + quote($V), status_code=303)',
        why: 'The host is fixed and the input is encoded in the query.',
      },
    ],
    wrong: wrongTargets,
  },
  {
    ...target,
    frameworks: ['django'],
    imports: ['from django.shortcuts import redirect'],
    call: 'return redirect($Q)$!',
    right: [
      {
        lines:
          'if not url_has_allowed_host_and_scheme($V, allowed_hosts={"shop.example.com"}, require_https=True):\n    $DENY',
        imports: ['from django.utils.http import url_has_allowed_host_and_scheme'],
        why: 'Django checks host and scheme of the address.',
      },
    ],
    wrong: wrongTargets,
  },
  {
    ...target,
    frameworks: ['django'],
    call: 'return HttpResponseRedirect($Q)$!',
    right: [
      {
        call: 'return HttpResponseRedirect(reverse("profile", args=[int($V)]))',
        imports: ['from django.urls import reverse'],
        why: 'The address is built by the router from an integer.',
      },
    ],
    wrong: wrongTargets,
  },
  {
    weakness: 'ssrf',
    cwe: 918,
    frameworks: all,
    imports: ['from urllib.parse import urlsplit', 'import requests'],
    name: 'url',
    task: 'fetch_preview',
    template: '{}',
    text: 'address',
    call: 'body = requests.get($Q, timeout=5).text$!',
    out: 'body',
    allowed: ['https://api.example.com/a', 'https://api.example.com/b', 'https://cdn.example.com/c'],
    pattern: 'https://api\\.example\\.com/[a-z]+',
    right: [
      {
        lines:
          'parts = urlsplit($V)\nif parts.scheme != "https" or parts.netloc not in {"api.example.com", "cdn.example.com"}:\n    $DENY',
        why: 'Only two hosts are let through, compared as a whole.',
      },
      {
        call: 'body = requests.get("https://api.example.com/search", params={"q": $V}, timeout=5).text',
        why: 'The host is fixed; the input is an encoded parameter.',
      },
    ],
    wrong: [
      htmlEscaped,
      {
        lines: 'if not $V.startswith("https://api.example.com"):\n    $DENY',
        why: 'The prefix also begins https://api.example.com.attacker.net and https://api.example.com@10.0.0.1.',
      },
      {
        lines: 'if "localhost" in $V:\n    $DENY',
        why: 'There are other names for internal hosts: 127.0.0.1, 169.254.169.254.',
      },
    ],
  },
  {
    weakness: 'ssrf',
    cwe: 918,
    frameworks: all,
    imports: ['import httpx'],
    name: 'host',
    task: 'check_health',
    template: 'http://{}/health',
    text: 'address',
    call: 'status = httpx.get($Q).status_code$!',
    out: 'status',
    allowed: ['web.internal', 'mail.internal', 'shop.internal'],
    right: [
      {
        lines: 'if $V not in {"web.internal", "mail.internal"}:\n    $DENY',
        why: 'Only two hosts are let through.',
      },
    ],
    wrong: [
      {
        lines: 'if not $V.endswith("internal"):\n    $DENY',
        why: 'Whatever precedes the ending is up to the attacker: metadata/latest?internal.',
      },
    ],
  },
  {
    weakness: 'xxe',
    cwe: 611,
    frameworks: all,
    imports: ['from lxml import etree'],
    name: 'document',
    task: 'read_invoice',
    template: '{}',
    text: 'source',
    call: 'parser = etree.XMLParser(resolve_entities=True, no_network=False, load_dtd=True)\nroot = etree.fromstring($Q, parser=parser)$!\ntotal = root.findtext("total")',
    out: 'total',
    allowed: ['<i><total>1</total></i>', '<i><total>2</total></i>', '<i/>'],
    right: [
      {
        call: 'parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)\nroot = etree.fromstring($V, parser=parser)\ntotal = root.findtext("total")',
        why: 'The parser resolves no entities.',
      },
      {
        call: 'root = fromstring($V)\ntotal = root.findtext("total")',
        imports: ['from defusedxml.ElementTree import fromstring'],
        why: 'defusedxml refuses entities.',
      },
    ],
    wrong: [
      {
        value: '$V.replace("<!ENTITY", "")',
        why: 'What is removed once can be nested, and a DTD can come from outside.',
      },
    ],
  },
  {
    weakness: 'redos',
    cwe: 1333,
    frameworks: all,
    imports: ['import re'],
    setup: 'with open("catalogue.txt", encoding="utf-8") as file:\n    LINES = file.read().splitlines()',
    name: 'term',
    task: 'search_lines',
    template: '{}',
    text: 'expression',
    call: 'found = [line for line in LINES if re.search($Q, line)]$!',
    out: 'found',
    allowed: ['apple', 'pear', 'plum'],
    pattern: '[a-z0-9 ]+',
    number: true,
    right: [
      { value: 're.escape($V)', why: 'Escaped, the input only matches itself.' },
      { call: 'found = [line for line in LINES if $V in line]', why: 'Searching a substring takes linear time.' },
    ],
    wrong: [
      { value: 'html.escape($V)', imports: ['import html'], why: 'HTML escaping leaves quantifiers and groups.' },
      {
        lines: 'try:\n    re.compile($V)\nexcept re.error:\n    $DENY',
        why: 'An expression that compiles can still take exponential time.',
      },
    ],
  },
]
