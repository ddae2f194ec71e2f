import { expect, test } from 'vitest'
import { ruleSchema } from '#bench/findings'
import { analyzeFiles, appOf } from '../testing.ts'
import { markup } from './index.ts'
import { markupRules } from './rules.ts'

const page = (body: string, head = '<title>t</title>', language = ' lang="en"'): string =>
  `<!doctype html>\n<html${language}><head>${head}</head><body>\n${body}\n</body></html>\n`

async function rulesIn(path: string, text: string): Promise<string[]> {
  const { findings } = await analyzeFiles(markup, { [path]: text })
  return [...new Set(findings.map((finding) => finding.rule))].sort()
}

test('the canary is found, at its place', async () => {
  const { findings, coverage } = await analyzeFiles(markup, markup.canary.files)
  expect(findings).toEqual([
    {
      rule: 'wcag/h37',
      message: '<img> is missing required "alt" attribute.',
      location: {
        kind: 'file',
        path: 'index.html',
        region: { startLine: 2, startColumn: 52, endLine: 2, endColumn: 69 },
      },
      evidence: { snippet: expect.stringContaining('<img src="a.png">') },
    },
  ])
  expect(coverage).toEqual({ analysed: 1, total: 1, gaps: [] })
})

test('every rule is valid', () => {
  for (const rule of markupRules) expect(() => ruleSchema.parse(rule)).not.toThrow()
  expect(new Set(markupRules.map((rule) => rule.id)).size).toBe(markupRules.length)
})

test.each([
  ['missing-language', page('<p>a</p>', '<title>t</title>', '')],
  ['missing-title', page('<p>a</p>', '<meta charset="utf-8">')],
  ['input-missing-label', page('<input type="text" name="a">')],
  ['text-content', page('<button type="button"></button>')],
  ['wcag/h30', page('<a href="/a"></a>')],
  ['no-dup-id', page('<p id="a">a</p><p id="a">b</p>')],
  ['close-order', page('<div><p>a</div>').replace('<p>a</div>', '<b>a</div></b>')],
  ['element-permitted-content', page('<ul><div>a</div></ul>')],
  ['positive-tabindex', page('<p tabindex="3">a</p>')],
  ['autofocus', page('<label>a <input autofocus></label>')],
  ['non-interactive-handler', page('<div onclick="go()">a</div>')],
  ['unknown-aria', page('<p aria-labeled="a">a</p>')],
  ['unknown-aria', page('<p role="buton">a</p>')],
  ['target-blank-opener', page('<a href="https://a.test" target="_blank">a</a>')],
  ['require-sri', page('<script src="https://cdn.test/a.js"></script>')],
  ['cleartext-script', page('<script src="http://cdn.test/a.js"></script>')],
  ['missing-doctype', '<html lang="en"><head><title>t</title></head><body><p>a</p></body></html>'],
])('reports %s', async (rule, text) => {
  expect(await rulesIn('index.html', text)).toContain(rule)
})

test.each([
  [
    'style only',
    '<!DOCTYPE HTML>\n<html lang=en><head><title>t</title></head><body>\n<img src=a.png alt="a" />  \n<br/><INPUT type="hidden" name="a"></body></html>\n',
  ],
  ['decorative image', page('<img src="a.png" alt="">')],
  ['labelled fields', page('<label for="a">A</label><input id="a"><label>B <input></label><input aria-label="c">')],
  ['operable element', page('<div onclick="go()" role="button" tabindex="0" onkeydown="go()">a</div>')],
  ['own script', page('<script src="/a.js"></script>')],
  ['link of the same site', page('<a href="/a" target="_blank">a</a>')],
  ['link with rel', page('<a href="https://a.test" target="_blank" rel="noopener">a</a>')],
])('leaves alone: %s', async (_, text) => {
  expect(await rulesIn('index.html', text)).toEqual([])
})

test.each([
  [
    'templates/a.html',
    '{% extends "base.html" %}\n{% block body %}<h1>{{ title }}</h1><img src="{{ url }}" alt="{{ text }}">{% endblock %}\n',
  ],
  [
    'templates/b.html',
    page('{% if a %}<p id="x">a</p>{% else %}<p id="x">b</p>{% endif %}<button type="submit">{{ label }}</button>'),
  ],
  [
    'templates/c.html',
    page(
      '<ul>{% for i in items %}<li>{{ i }}</li>{% endfor %}</ul><input {{ attrs }}><a href="{{ u }}">{% block x %}{% endblock %}</a>',
    ),
  ],
  ['views/d.ejs', '<% if (user) { %><p><%= user.name %></p><% } %><img src="<%= a %>" alt="a">'],
  [
    'src/App.vue',
    '<template>\n  <div><Card v-if="a" :title="b" @click="go"/><img :src="a" :alt="b"><button @click="go">{{ text }}</button></div>\n</template>\n<script>\nexport default { a: 1 < 2 }\n</script>\n',
  ],
  [
    'src/App.svelte',
    '<script>let a = {}</script>\n{#if a}<p class={a ? "b" : "c"}>{a}</p>{/if}<img src={a} alt={b}>\n',
  ],
])('is sound on templates: %s', async (path, text) => {
  expect(await rulesIn(path, text)).toEqual([])
})

test.each([
  [
    'templates/a.html',
    '{% extends "base.html" %}\n{% block body %}\n<img src="{{ url }}">{% endblock %}\n',
    'wcag/h37',
    3,
  ],
  ['templates/b.html', '<p>{{ a }}</p>\n<div onclick="go({{ id }})">x</div>\n', 'non-interactive-handler', 2],
  ['views/c.ejs', '<p><%= a %></p>\n<input name="<%= b %>">\n', 'input-missing-label', 2],
])('still sees what a template itself does: %s', async (path, text, rule, line) => {
  const { findings } = await analyzeFiles(markup, { [path]: text })
  expect(findings.map(({ rule, location }) => [rule, location.kind === 'file' && location.region?.startLine])).toEqual([
    [rule, line],
  ])
})

test.each([
  ['wcag/h37', 'const A = () => <img src="a.png" />'],
  ['input-missing-label', 'const A = () => <input type="text" placeholder="Name" />'],
  ['input-missing-label', 'const A = () => <><label>Name</label><textarea name="a" /></>'],
  ['text-content', 'const A = () => <button onClick={go}></button>'],
  ['text-content', 'const A = () => <button onClick={go}><svg><path d="M0 0" /></svg></button>'],
  ['wcag/h30', 'const A = () => <a href="/a"><i className="icon" /></a>'],
  ['non-interactive-handler', 'const A = () => <div onClick={go}>x</div>'],
  ['non-interactive-handler', 'const A = () => <span onClick={go} role="button">x</span>'],
  ['missing-language', 'const A = () => <html><body /></html>'],
  ['positive-tabindex', 'const A = () => <div tabIndex={2}>x</div>'],
  ['autofocus', 'const A = () => <label>a <input autoFocus /></label>'],
  ['unknown-aria', 'const A = () => <p aria-lable="x">x</p>'],
])('JSX: reports %s in %s', async (rule, text) => {
  expect(await rulesIn('A.jsx', text)).toEqual([rule])
})

test.each([
  ['const A = () => <img src="a.png" alt="" />'],
  ['const A = (props) => <img {...props} />'],
  ['const A = () => <label>Name <input type="text" /></label>'],
  ['const A = () => <><label htmlFor="a">Name</label><input id="a" /></>'],
  ['const A = ({ id }) => <><label htmlFor={id}>Name</label><input id={id} /></>'],
  ['const A = () => <input type="hidden" name="a" />'],
  ['const A = () => <FormField name="a"><input /></FormField>'],
  ['const A = () => <button onClick={go}>{label}</button>'],
  ['const A = () => <button onClick={go}><Icon /></button>'],
  ['const A = () => <button onClick={go} aria-label="Close"><svg /></button>'],
  ['const A = () => <button><svg><title>Close</title></svg></button>'],
  ['const A = () => <div onClick={go} role="button" tabIndex={0} onKeyDown={go}>x</div>'],
  ['const A = () => <Card onClick={go}>x</Card>'],
  ['const A = () => <div role={role} aria-expanded={open}>x</div>'],
])('JSX: leaves alone %s', async (text) => {
  expect(await rulesIn('A.tsx', text)).toEqual([])
})

test('a broken component is looked at as far as it can be read', async () => {
  const { findings, coverage } = await analyzeFiles(markup, {
    'A.jsx': 'const A = () => <img src="a.png" />\nconst B = () => { <div>\n',
  })
  expect(findings.map((finding) => finding.rule)).toEqual(['wcag/h37'])
  expect(coverage.gaps).toEqual([
    { path: 'A.jsx', reason: 'syntax errors: only the parts that could be understood were looked at' },
  ])
})

test('the app’s own configuration of html-validate is not read', async () => {
  const { findings } = await analyzeFiles(markup, {
    ...markup.canary.files,
    '.htmlvalidate.json': '{"rules":{"wcag/h37":"off"},"root":true}',
  })
  expect(findings).toHaveLength(1)
})

test('does not apply without markup', async () => {
  expect(markup.applies(await appOf({ 'app.py': 'x = 1' }))).toEqual({
    applies: false,
    reason: 'No HTML, template or JSX files.',
  })
})

test('JSX with the attribute names of HTML is read as well', async () => {
  const text =
    'export const Page = () => <p class="lead"><img src="a.png" /><label for="b">c</label><input id="b" /></p>\n'
  expect(await rulesIn('Page.jsx', text)).toEqual(['wcag/h37'])
  expect((await analyzeFiles(markup, { 'Page.jsx': text })).coverage.gaps).toEqual([])
})
