import type { Sink, Treatment } from './sink.ts'

const all = ['flask', 'fastapi', 'django']
const sqlEscaped: Treatment = {
  value: `$V.replace("'", "''")`,
  why: 'Doubling quotes is for SQL strings; angle brackets pass.',
}
const htmlEscaped: Treatment = {
  value: 'escape($V)',
  imports: ['from html import escape'],
  why: 'An address needs no character that HTML escaping changes.',
}

/** Sources that a link or form on the attacker's page fills for the victim. */
const crossSite: readonly string[] = ['query', 'form', 'values', 'parameter', 'request']

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
  right: [
    {
      value: 'escape($V)',
      imports: ['from html import escape'],
      why: 'What is escaped for HTML stays text in the page.',
    },
  ],
  wrong: [
    sqlEscaped,
    { value: '$V.replace("<script>", "")', why: 'There are other elements and attributes that run code.' },
    { value: 'shlex.quote($V)', imports: ['import shlex'], why: 'Quoting for a shell leaves angle brackets alone.' },
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
} as const

const wrongTargets: readonly Treatment[] = [
  htmlEscaped,
  { lines: 'if not $V.startswith("/"):\n    $DENY', why: 'An address that starts with // names another host.' },
  { lines: 'if "example.com" not in $V:\n    $DENY', why: 'The name may stand anywhere: example.com.attacker.net.' },
]

/** What goes back to browsers and out to other servers. */
export const pythonWebSinks: readonly Sink[] = [
  {
    ...page,
    frameworks: ['flask'],
    call: 'return $Q$!',
    right: [
      ...page.right,
      {
        call: 'return render_template_string("<h1>Hello {{ name }}</h1>", name=$V)',
        why: 'Jinja escapes values in templates given as strings too.',
      },
      { call: 'return jsonify(greeting="Hello " + $V)', why: 'JSON is not rendered as a page.' },
    ],
  },
  {
    ...page,
    frameworks: ['flask'],
    imports: ['from flask import make_response'],
    name: 'term',
    task: 'search_page',
    template: '<p>Nothing found for <b>{}</b></p>',
    call: 'response = make_response($Q)$!\nresponse.headers["Cache-Control"] = "no-store"\nreturn response',
    right: [{ value: 'escape($V)', imports: ['from markupsafe import escape'], why: 'markupsafe escapes for HTML.' }],
  },
  { ...page, frameworks: ['fastapi'], call: 'return HTMLResponse(content=$Q)$!' },
  {
    ...page,
    frameworks: ['django'],
    call: 'return HttpResponse($Q)$!',
    right: [
      {
        value: 'escape($V)',
        imports: ['from django.utils.html import escape'],
        why: 'django.utils.html.escape is made for pages.',
      },
      {
        call: 'return HttpResponse(format_html("<h1>Hello {}</h1>", $V))',
        imports: ['from django.utils.html import format_html'],
        why: 'format_html escapes its arguments.',
      },
      { call: 'return JsonResponse({"greeting": "Hello " + $V})', why: 'JSON is not rendered as a page.' },
    ],
  },
  {
    ...page,
    frameworks: ['django'],
    imports: ['from django.shortcuts import render', 'from django.utils.safestring import mark_safe'],
    name: 'note',
    task: 'show_note',
    template: '<em>{}</em>',
    text: 'markup',
    call: 'marked = mark_safe($Q)$!\nreturn render(request, "note.html", {"note": marked})',
    needs: ['request'],
    right: [
      {
        call: 'return render(request, "note.html", {"note": $V})',
        why: 'The template escapes what is not marked safe.',
      },
    ],
  },
  {
    weakness: 'template-injection',
    cwe: 1336,
    frameworks: ['flask'],
    name: 'headline',
    task: 'preview',
    template: '<h2>{}</h2>',
    text: 'template',
    call: 'return render_template_string($Q)$!',
    allowed: ['News', 'Sport', 'Weather'],
    pattern: '[A-Za-z ]+',
    number: true,
    right: [
      {
        call: 'return render_template_string("<h2>{{ headline }}</h2>", headline=$V)',
        why: 'The value is data of a constant template.',
      },
    ],
    wrong: [
      {
        value: 'escape($V)',
        imports: ['from html import escape'],
        why: 'Escaping for HTML leaves the double braces of the template language.',
      },
      { value: '$V.replace("{{", "")', why: '{% %} is left, and what is removed once can be nested.' },
    ],
  },
  {
    weakness: 'template-injection',
    cwe: 1336,
    frameworks: ['flask', 'fastapi', 'django'],
    imports: ['from jinja2 import Environment'],
    setup: 'environment = Environment(autoescape=True)',
    name: 'greeting',
    task: 'preview_mail',
    template: '{}, your order has left.',
    text: 'source',
    call: 'mail = environment.from_string($Q).render(shop="Example")$!',
    out: 'mail',
    allowed: ['Dear customer', 'Hello', 'Good morning'],
    pattern: '[A-Za-z ]+',
    number: true,
    right: [
      {
        call: 'mail = environment.from_string("{{ greeting }}, your order has left.").render(greeting=$V)',
        why: 'The value is data of a constant template.',
      },
      {
        call: 'sandbox = SandboxedEnvironment(autoescape=True)\nmail = sandbox.from_string("{{ text }}").render(text=$V)',
        imports: ['from jinja2.sandbox import SandboxedEnvironment'],
        why: 'A constant template in a sandboxed environment prints the value as text.',
      },
    ],
    wrong: [
      {
        value: 'escape($V)',
        imports: ['from html import escape'],
        why: 'Escaping for HTML leaves the braces of the template language.',
      },
    ],
  },
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
