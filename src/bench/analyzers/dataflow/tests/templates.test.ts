import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

const flask = (body: string): string => `from flask import Flask, request, render_template, render_template_string
app = Flask(__name__)

@app.route('/')
def show():
    q = request.args.get('q', '')
    ${body}
`
const express = (body: string): string => `const express = require('express')
const app = express()
app.get('/', (req, res) => {
  ${body}
})
`
const view = flask("return render_template('page.html', q=q, title='Search')")
const node = express("res.render('page', { q: req.query.q, items: [{ name: req.query.name }] })")

/** The view, the template and whether its second line is found. */
const apps: Readonly<Record<string, readonly [view: string, path: string, line: string, found: boolean]>> = {
  'Jinja marks it safe': [view, 'templates/page.html', '<b>{{ q|safe }}</b>', true],
  'Jinja escapes': [view, 'templates/page.html', '<b>{{ q }}</b>', false],
  'Jinja marks another value safe': [view, 'templates/page.html', '<b>{{ title|safe }}</b>', false],
  'escaping switched off for a part': [
    view,
    'templates/page.html',
    '{% autoescape false %}<b>{{ q }}</b>{% endautoescape %}',
    true,
  ],
  'escaping switched off before': [
    view,
    'templates/page.html',
    '{% autoescape false %}<hr>{% endautoescape %}<b>{{ q }}</b>',
    false,
  ],
  'a value without quotes': [view, 'templates/page.html', '<input value={{ q }}>', true],
  'a value in quotes': [view, 'templates/page.html', '<input value="{{ q }}">', false],
  'the start of a link': [view, 'templates/page.html', '<a href="{{ q }}">more</a>', true],
  'a part of a link': [view, 'templates/page.html', '<a href="/search?q={{ q }}">more</a>', false],
  'a script without quotes': [view, 'templates/page.html', '<script>const q = {{ q }}</script>', true],
  'a script with tojson': [view, 'templates/page.html', '<script>const q = {{ q|tojson }}</script>', false],
  'a handler': [view, 'templates/page.html', '<b onclick="show(\'{{ q }}\')">x</b>', true],
  'a file Flask does not escape': [
    flask("return render_template('page.txt', q=q)"),
    'templates/page.txt',
    '<b>{{ q }}</b>',
    true,
  ],
  'what the request holds': [
    flask("return render_template('page.html')"),
    'templates/page.html',
    '{{ request.args.q|safe }}',
    true,
  ],
  'a list of objects': [
    flask("return render_template('page.html', items=[{'name': q}])"),
    'templates/page.html',
    '{% for item in items %}<li>{{ item.name|safe }}</li>{% endfor %}',
    true,
  ],
  'escaping switched off for the app': [
    `${view}\napp.jinja_env.autoescape = False\n`,
    'templates/page.html',
    '<b>{{ q }}</b>',
    true,
  ],
  'an environment that does not escape': [
    `import jinja2\n${flask("return jinja2.Environment(loader=jinja2.FileSystemLoader('templates')).get_template('page.html').render(q=q)")}`,
    'templates/page.html',
    '<b>{{ q }}</b>',
    true,
  ],
  'an environment that escapes': [
    `import jinja2\n${flask("return jinja2.Environment(loader=jinja2.FileSystemLoader('templates'), autoescape=True).get_template('page.html').render(q=q)")}`,
    'templates/page.html',
    '<b>{{ q }}</b>',
    false,
  ],
  'Django marks it safe': [
    "from django.shortcuts import render\n\ndef show(request):\n    return render(request, 'page.html', {'q': request.GET['q']})\n",
    'templates/page.html',
    '<b>{{ q|safe }}</b>',
    true,
  ],
  'Django escapes': [
    "from django.shortcuts import render\n\ndef show(request):\n    return render(request, 'page.html', {'q': request.GET['q']})\n",
    'templates/page.html',
    '<b>{{ q }}</b>',
    false,
  ],
  'FastAPI marks it safe': [
    "from fastapi import FastAPI, Request\nfrom fastapi.templating import Jinja2Templates\napp = FastAPI()\ntemplates = Jinja2Templates(directory='templates')\n\n@app.get('/')\ndef show(request: Request, q: str = ''):\n    return templates.TemplateResponse('page.html', {'request': request, 'q': q})\n",
    'templates/page.html',
    '<b>{{ q|safe }}</b>',
    true,
  ],
  'EJS without escaping': [node, 'views/page.ejs', '<b><%- q %></b>', true],
  'EJS escapes': [node, 'views/page.ejs', '<b><%= q %></b>', false],
  'EJS in a loop': [node, 'views/page.ejs', '<% items.forEach((item) => { %><li><%- item.name %></li><% }) %>', true],
  'Pug without escaping': [node, 'views/page.pug', 'b!= q', true],
  'Pug in text': [node, 'views/page.pug', 'p Hello !{q}', true],
  'Pug escapes': [node, 'views/page.pug', 'b= q', false],
  'Handlebars without escaping': [node, 'views/page.hbs', '<b>{{{ q }}}</b>', true],
  'Handlebars escapes': [node, 'views/page.hbs', '<b>{{ q }}</b>', false],
  'Handlebars in a loop': [node, 'views/page.hbs', '{{#each items}}<li>{{{name}}}</li>{{/each}}', true],
  'Nunjucks marks it safe': [
    express("res.render('page.njk', { q: req.query.q })"),
    'views/page.njk',
    '<b>{{ q | safe }}</b>',
    true,
  ],
  'EJS given a sanitised text': [
    `const sanitizeHtml = require('sanitize-html')\n${express("res.render('page', { q: sanitizeHtml(req.query.q) })")}`,
    'views/page.ejs',
    '<b><%- q %></b>',
    false,
  ],
}

for (const [title, [source, path, line, found]] of Object.entries(apps)) {
  test(title, async () => {
    const file = source.includes('require(') ? 'app.js' : 'app.py'
    const { findings } = await analyzeFiles(dataflow, { [file]: source, [path]: `\n${line}\n` })
    const own = findings.filter(({ rule }) => rule === 'cross-site-scripting')
    const places = own.map(({ location }) =>
      location.kind === 'file' ? `${location.path}:${location.region?.startLine}` : '',
    )
    expect(places).toEqual(found ? [`${path}:2`] : [])
  })
}

test('a template in the text of the call', async () => {
  const source = flask("return render_template_string('<b>{{ q|safe }}</b>', q=q)")
  const { findings } = await analyzeFiles(dataflow, { 'app.py': source })
  expect(findings.map(({ rule }) => rule)).toEqual(['cross-site-scripting'])
})

test('a template in the text of the call escapes', async () => {
  const source = flask("return render_template_string('<b>{{ q }}</b>', q=q)")
  const { findings } = await analyzeFiles(dataflow, { 'app.py': source })
  expect(findings).toEqual([])
})
