import type { Sink, Treatment } from './sink.ts'

/** Sources that a link or form on the attacker's page fills for the victim. */
const crossSite: readonly string[] = ['query', 'form', 'values', 'parameter', 'request']

const sqlEscaped: Treatment = {
  value: `$V.replace("'", "''")`,
  why: 'Doubling quotes is for SQL strings; angle brackets pass.',
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

/** What goes back to browsers: pages, and templates that become pages. */
export const pythonPageSinks: readonly Sink[] = [
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
]
