// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the fixtures are source text with template literals
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { analyzeFiles } from '../testing.ts'
import { completeness } from './index.ts'
import { scan } from './scan.ts'

type Files = Record<string, string>

/** The findings of one rule as `file:line message`. */
async function found(rule: string, files: Files): Promise<string[]> {
  const { findings } = await analyzeFiles(completeness, files)
  for (const finding of findings) expect(completeness.rule(finding.rule)).toBeDefined()
  return findings
    .filter((finding) => finding.rule === rule)
    .map(
      ({ location, message }) =>
        `${location.kind === 'file' ? `${location.path}:${location.region?.startLine}` : ''} ${message}`,
    )
}

const python = (text: string): Files => ({ 'app.py': text })
const script = (text: string): Files => ({ 'app.js': text })
const jsx = (text: string): Files => ({ 'App.jsx': `import { useState } from 'react'\n${text}\n` })
const fence = '`'.repeat(3)

/** What each rule must see, and the near misses it must not. */
const cases: Record<string, { readonly reports: Record<string, Files>; readonly ignores: Record<string, Files> }> = {
  stub: {
    reports: {
      pass: python('def send_mail(to):\n    pass\n'),
      'an ellipsis behind a comment': python('def send_mail(to):\n    # Your implementation here\n    ...\n'),
      NotImplementedError: python('def send_mail(to):\n    raise NotImplementedError("later")\n'),
      'a route': python("@app.route('/x')\ndef x():\n    pass\n"),
      'a description alone': python('class Store:\n    def save(self, note):\n        """TODO: add the database"""\n'),
      'a fixed answer behind a TODO': python('def total(cart):\n    # TODO: implement\n    return None\n'),
      'a throw': script("export function pay() {\n  throw new Error('Not implemented')\n}\n"),
      'an empty function': script('function pay(order) {}\n'),
      'a comment that says what to do': script('const pay = (order) => {\n  // send the order to the provider\n}\n'),
      'a method': script('class A {\n  save() {\n    // TODO: implement\n    return null\n  }\n}\n'),
    },
    ignores: {
      'abstract methods': python(
        'from abc import ABC, abstractmethod\nclass A(ABC):\n    @abstractmethod\n    def x(self): ...\n    def y(self):\n        raise NotImplementedError\n',
      ),
      protocols: python('from typing import Protocol\nclass A(Protocol):\n    def x(self) -> int: ...\n'),
      'a base class something extends': python(
        'class Shape:\n    def area(self):\n        raise NotImplementedError\nclass Circle(Shape):\n    def area(self):\n        return 1\n',
      ),
      'overrides of hooks': python(
        'import logging\nclass Quiet(logging.Handler):\n    def emit(self, record):\n        pass\n',
      ),
      'except: pass': python('def x():\n    try:\n        y()\n    except OSError:\n        pass\n'),
      'empty exceptions': python('class Missing(Exception):\n    """No such note."""\n'),
      'command groups': python('@click.group()\ndef cli():\n    """Notes."""\n'),
      overloads: python('@overload\ndef x(a: int) -> int: ...\ndef x(a):\n    return a\n'),
      'deliberate emptiness': python('def close(self):\n    # Nothing to do: the pool closes it.\n    pass\n'),
      noops: script('export const noop = () => {}\nfunction log() {}\nconst C = createContext({ set: () => {} })\n'),
      'constructors and base classes': script(
        "class Base {\n  constructor() {}\n  run() { throw new Error('not implemented') }\n}\nclass A extends Base { run() { return 1 } }\n",
      ),
      'interfaces and declarations': {
        'a.d.ts': 'export function x(): void\n',
        'b.ts': 'export interface A { x(): void }\nexport declare function y(): void\n',
      },
      'errors that are no stubs': script("function fail() {\n  throw new Error('The pool is closed')\n}\n"),
    },
  },
  'elided-code': {
    reports: {
      'the rest of the code': script('// ... rest of the code remains the same ...\nx()\n'),
      'existing code': script('x()\n// ... existing code ...\n'),
      'in JSX': jsx('export default () => <div>{/* ... other components stay unchanged ... */}</div>'),
      'in Python': python('# ... (previous routes unchanged)\nx()\n'),
      'in HTML': { 'index.html': '<body>\n<!-- ... rest of the HTML remains the same ... -->\n</body>' },
      'in CSS': { 'a.css': '/* ... existing styles ... */\na { color: red }\n' },
      'dots alone': script('function x() {\n  // ...\n  y()\n}\n'),
    },
    ignores: {
      'the rest of something else': script(
        '// The rest of the day is free.\n// Keeps the existing order of the rows.\nx()\n',
      ),
      explanations: python('# Existing users are kept; the rest is removed.\nx()\n# Spread the rest of the props.\n'),
      'quoted phrases': script('// Looks for "... existing code ..." in answers.\nx()\n'),
      'rest parameters': script('function x(...rest) { return rest }\n'),
      strings: script("const a = '// ... rest of the code'\n"),
    },
  },
  'implement-me': {
    reports: {
      'a TODO with work in it': script('x()\n// TODO: implement the report\n'),
      'a place for code': python('x()\n# Add your logic here\n'),
      'your implementation': script('/* Your implementation goes here */\nx()\n'),
    },
    ignores: {
      'what something implements': script(
        '// We implement this as a ring buffer.\n// Implements the interface of the store.\nx()\n',
      ),
      'a question': python('# TODO: is this the right unit?\nx()\n'),
      'quoted phrases': script('// Shows "coming soon" to visitors.\nx()\n'),
    },
  },
  todo: {
    reports: {
      TODO: script('// TODO: is this the right unit?\nx()\n'),
      FIXME: python('# FIXME off by one\nx()\n'),
      'in a block': script('/*\n * Sums.\n * TODO check the sign\n */\nx()\n'),
    },
    ignores: {
      'a todo list': script('// Renders the todo list of the user.\nconst todo = 1\n'),
      todos: python('# todos are kept in memory\nx()\n'),
      strings: python("x('TODO: fix')\n"),
    },
  },
  'placeholder-data': {
    reports: {
      'an invented answer': python('def load(id):\n    return {"id": 1, "question": "Sample question"}\n'),
      'an invented person': script("function user() {\n  return { name: 'John Doe' }\n}\n"),
      'a mock that is rendered': jsx(
        'const mockNotes = [{ id: 1 }]\nexport default () => <ul>{mockNotes.map((n) => <li>{n.id}</li>)}</ul>',
      ),
    },
    ignores: {
      'data that is looked up': python('def load(id):\n    return {"id": id, "question": find(id)}\n'),
      'mocks nobody uses': script('const mockNotes = [1]\n'),
      fixtures: { 'seed.py': 'def load():\n    return {"question": "Sample question"}\n' },
      'words that only contain such a word': script("function x() {\n  return { title: 'Sampler' }\n}\n"),
    },
  },
  'placeholder-text': {
    reports: {
      HTML: { 'index.html': '<p>Lorem ipsum dolor sit amet</p>' },
      JSX: jsx('export default () => <p>lorem ipsum</p>'),
      Jinja: { 'templates/a.html': '<p>Lorem Ipsum</p>' },
    },
    ignores: {
      'a generator': python("from lorem import ipsum\nx('Lorem ipsum')\n"),
      'other Latin': { 'index.html': '<p>Carpe diem</p>' },
      'other words': { 'index.html': '<p>Loremipsumish</p>' },
    },
  },
  'truncated-file': {
    reports: {
      'a call': python('def x(a):\n    y = send(a,\n'),
      'a definition': python('x = 1\ndef y():\n'),
      'a tag': jsx('export default function A() {\n  return (\n    <div>\n      <button onClick={() => set'),
      'a function': script('export function x(a) {\n  if (a) {\n    return a +\n'),
      'a template': script('const a = 1\nconst page = `<p>${a}</p>\n<div>'),
      JSON: { 'package.json': '{ "name": "x", "scripts": {' },
      CSS: { 'a.css': 'a { color: red }\n.b {\n  color:' },
      'a page': { 'index.html': '<html><body><h1>A</h1><div cla' },
      'a page without an end': { 'index.html': '<html><body><h1>A</h1><p>text</p>\n' },
    },
    ignores: {
      'whole files': {
        ...python('def x():\n    return (1,\n            2)\n'),
        ...script('x({ a: [1] })'),
        'a.css': 'a { color: red }',
        'b.json': '{}',
        'c.html': '<html><body></body></html>',
      },
      'a last comment': script('x()\n// and so on,\n'),
      'a missing bracket in the middle': script('function x() {\n  if (a) {\n    y()\n}\nx()\n'),
      'optional end tags in templates': { 'templates/a.html': '{% extends "b.html" %}\n<p>x' },
      'expressions at the end': { 'a.ts': 'export const a = b as unknown as C\n' },
    },
  },
  'syntax-error': {
    reports: {
      Python: python('def x(:\n    return 1\n\nx()\n'),
      JavaScript: script('const = 1\nx()\n'),
      JSX: jsx('export default () => <div><p></div>\nx()'),
      JSON: { 'a.json': '{ "a": 1, }' },
    },
    ignores: {
      'modern syntax': {
        'a.py': 'match x:\n    case [a, *b] if (c := a):\n        print(f"{a!r:>{b}}")\ntype A = int\n',
        'b.ts':
          'const x = sql<{ a: string }>`select 1`\nexport type * from "./c.ts"\nawait using d = e()\nlet f = g satisfies H\nenum I { J }\n',
        'c.jsx': "export default () => <>{a?.b ?? <c.d {...e} />} it's</>\n",
        'd.jsx': 'export default () => <p class="lead"><label for="a" on:click={f}>b</label></p>\n',
        'e.js': 'export default () => <p class="lead">JSX in a file named .js</p>\n',
      },
      'configuration with comments': { 'tsconfig.json': '{ // x\n "a": 1, }', '.vscode/settings.json': '{ "a": 1, }' },
      templates: { 'templates/a.html': '<script>const a = {{ b|tojson }};\n{% if c %}d(){% endif %}</script>' },
      'files with another defect already': script(`${fence}javascript\nconst a = 1\n${fence}\n`),
    },
  },
  'markdown-fence': {
    reports: {
      'around the code': script(`${fence}javascript\nconst a = 1\n${fence}\n`),
      'in front': python(`${fence}python\nx = 1\n`),
      behind: python(`x = 1\n${fence}\n`),
      'behind JavaScript': script(`const a = 1\n${fence}\n`),
      'in the middle': python(`x = 1\n${fence}\ny = 2\n`),
    },
    ignores: {
      docstrings: python(
        `def x():\n    """Use it.\n\n    ${fence}python\n    x()\n    ${fence}\n    """\n    return 1\n`,
      ),
      comments: script(`/**\n${fence}js\nx()\n${fence}\n*/\nx()\n`),
      strings: python(`PROMPT = '''\n${fence}\n'''\n`),
      Markdown: { 'README.md': `${fence}\nx\n${fence}\n`, 'a.js': 'x()' },
    },
  },
  'chat-prose': {
    reports: {
      'in front': python('Here is the updated code:\n\nx = 1\n'),
      behind: script('const a = 1\n\nThis code creates a server that listens on a port.\n'),
      'in front of a page': { 'index.html': "Here's the complete page:\n<!DOCTYPE html><html><body></body></html>" },
      courtesy: python('x = 1\n\nLet me know if you have any questions!\n'),
    },
    ignores: {
      comments: python('# Here is the cache of all users.\nx = 1\n'),
      strings: python('x = """\nHere is the updated code:\n"""\n'),
      'text of a page': { 'index.html': '<!DOCTYPE html>\n<html><body>\n<p>\nHere is the menu\n</p></body></html>' },
      'text in JSX': jsx('export default () => (\n  <p>\n    Here is the menu\n  </p>\n)'),
    },
  },
  'conflict-marker': {
    reports: {
      'a conflict': script('<<<<<<< HEAD\nconst a = 1\n=======\nconst a = 2\n>>>>>>> branch\n'),
      'in JSON': { 'package.json': '{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> b\n}' },
      'a patch': python('@@ -1,3 +1,4 @@\n x = 1\n+y = 2\n'),
    },
    ignores: {
      'a rule of equals signs': python('"""\nTitle\n=======\n"""\nx = 1\n'),
      shifts: script('const a = 1 << 7\nconst b = a >>> 3\n'),
      'a patch in a string': python('P = """\n@@ -1,3 +1,4 @@\n"""\n'),
    },
  },
  mojibake: {
    reports: {
      'an accent': { 'index.html': '<p>CafÃ©</p>' },
      'a quote': jsx('export default () => <p>Itâ€™s</p>'),
      'an umlaut in Python': python("x = 'MÃ¼nchen'\n"),
      'a lost character': { 'index.html': '<p>Caf\ufffd</p>' },
    },
    ignores: {
      'right characters': { 'index.html': '<p>Café – “São Paulo” naïve Ânimo NÃO</p>' },
      'a table that repairs': script("const fixed = text.replace('Ã©', 'é')\n"),
      'a check for lost characters': python("if '\ufffd' in text:\n    x()\n"),
    },
  },
  'dead-handler': {
    reports: {
      'an empty arrow': jsx('export default () => <button onClick={() => {}}>Save</button>'),
      'only the console': jsx("export default () => <button onClick={() => console.log('x')}>Save</button>"),
      'a named function that only logs': jsx(
        'export default function A() {\n  const share = (n) => {\n    console.log(n)\n  }\n  return <button onClick={() => share(1)}>S</button>\n}',
      ),
      'an excuse': script("function share() {\n  alert('Coming soon')\n}\n"),
      'a listener': script("function add() {\n  // handle the click\n}\nbutton.addEventListener('click', add)\n"),
      'a page': { 'index.html': '<button onclick="">x</button>' },
      'a function of a page': {
        'index.html': '<button onclick="copy()">x</button><script src="a.js"></script>',
        'a.js': 'function copy() {\n  // later\n}\n',
      },
      'a form nobody handles': jsx(
        'export default () => <form><input name="a" /><button type="submit">Send</button></form>',
      ),
    },
    ignores: {
      'handlers that act': jsx(
        'export default function A({ onSave }) {\n  const [a, setA] = useState(0)\n  return <button onClick={() => { console.log(a); setA(1) }}>S</button>\n}',
      ),
      'stopping an event': jsx('export default () => <div onClick={(e) => e.stopPropagation()}>x</div>'),
      'read-only inputs': jsx('export default () => <input value="x" onChange={() => {}} />'),
      'forms with a handler': jsx(
        'export default () => <form onSubmit={save}><input /><button>Send</button></form>\nfunction save() { x() }',
      ),
      'forms with a button that acts': jsx(
        'export default () => <form><input /><button onClick={save}>Send</button></form>\nfunction save() { x() }',
      ),
      'alerts that inform': script("function share() {\n  alert('The link was copied')\n}\n"),
    },
  },
  'undefined-handler': {
    reports: {
      JSX: jsx('export default () => <button onClick={handleSave}>Save</button>'),
      'a form': jsx('export default () => <form onSubmit={submitForm}><input /></form>'),
      'a page': { 'index.html': '<button onclick="copyAll()">x</button>' },
    },
    ignores: {
      parameters: jsx('export default ({ onSave }) => <button onClick={onSave}>Save</button>'),
      imports: jsx("import { save } from './save'\nexport default () => <button onClick={save}>Save</button>"),
      'hook results': jsx(
        'export default () => {\n  const { save } = useNotes()\n  return <button onClick={save}>Save</button>\n}',
      ),
      'longer parameter lists': jsx(
        'function A({\n  title,\n  onSave,\n  ...rest\n}) {\n  return <button onClick={onSave}>{title}</button>\n}\nexport default A',
      ),
      'page functions': {
        'index.html': '<button onclick="copyAll()">x</button><script src="a.js"></script>',
        'a.js': 'window.copyAll = () => x()\n',
      },
      'browser functions': {
        'index.html': '<button onclick="print()">x</button><button onclick="history.back()">y</button>',
      },
    },
  },
  'dead-link': {
    reports: {
      HTML: { 'index.html': '<a href="#">Terms</a>' },
      JSX: jsx('export default () => <a href="#">Terms</a>'),
      'no script': { 'index.html': '<a href="javascript:void(0)">Terms</a>' },
    },
    ignores: {
      anchors: { 'index.html': '<a href="#top">Top</a>' },
      'links with a handler': jsx('export default () => <a href="#" onClick={go}>x</a>\nfunction go() { x() }'),
      'links scripts find': { 'index.html': '<a href="#" id="menu">x</a><a href="#" data-toggle="x">y</a>' },
    },
  },
  'empty-module': {
    reports: {
      Python: { 'app.py': 'from services.mail import send\n', 'services/__init__.py': '', 'services/mail.py': '' },
      JavaScript: { 'a.js': "import { b } from './b'\nb()\n", 'b.js': '' },
      'comments only': { 'a.js': "const b = require('./lib/b')\nb()\n", 'lib/b.js': '// the b module\n' },
    },
    ignores: {
      packages: { 'app.py': 'from services import mail\n', 'services/__init__.py': '', 'services/mail.py': 'x = 1\n' },
      'files nobody imports': { 'a.js': 'x()\n', 'b.js': '' },
      'a package of the same name': { 'a.js': "import b from 'b'\nb()\n", 'b.js': '' },
    },
  },
  'unused-component': {
    reports: {
      'in the same file': {
        'package.json': '{"dependencies":{"react":"1"}}',
        'src/main.jsx':
          "import { createRoot } from 'react-dom/client'\nimport App from './App'\ncreateRoot(x).render(<App />)\n",
        'src/App.jsx':
          'function Footer() {\n  return <p>x</p>\n}\nexport default function App() {\n  return <h1>x</h1>\n}\n',
      },
      'in a file nobody imports': {
        'package.json': '{"dependencies":{"react":"1"}}',
        'src/main.jsx': "import { createRoot } from 'react-dom/client'\ncreateRoot(x).render(<p />)\n",
        'src/Sidebar.jsx': 'export default function Sidebar() {\n  return <p>x</p>\n}\n',
      },
      'exported but not used': {
        'package.json': '{"dependencies":{"react":"1"}}',
        'src/main.jsx':
          "import { createRoot } from 'react-dom/client'\nimport { A } from './parts'\ncreateRoot(x).render(<A />)\n",
        'src/parts.jsx': 'export function A() {\n  return <p>x</p>\n}\nexport const Badge = () => <p>y</p>\n',
      },
    },
    ignores: {
      'rendered ones': {
        'package.json': '{"dependencies":{"react":"1"}}',
        'src/main.jsx':
          "import { createRoot } from 'react-dom/client'\nimport App from './App'\ncreateRoot(x).render(<App />)\n",
        'src/App.jsx':
          'function Footer() {\n  return <p>x</p>\n}\nexport default function App() {\n  return <Footer />\n}\n',
      },
      'default exports under another name': {
        'package.json': '{"dependencies":{"react":"1"}}',
        'src/main.jsx':
          "import { createRoot } from 'react-dom/client'\nimport Side from './Sidebar'\ncreateRoot(x).render(<Side />)\n",
        'src/Sidebar.jsx': 'export default function Sidebar() {\n  return <p>x</p>\n}\n',
      },
      'a single component without an entry': jsx('export default function Notes() {\n  return <p>x</p>\n}'),
      'pages of Next': {
        'package.json': '{"dependencies":{"next":"1","react":"1"}}',
        'app/page.jsx': 'export default function Page() {\n  return <p>x</p>\n}\n',
      },
    },
  },
  'scaffold-leftover': {
    reports: {
      Vite: jsx(
        'export default () => <p className="read-the-docs">Click on the Vite and React logos to learn more</p>',
      ),
      'Create React App': jsx('export default () => <p>Edit <code>src/App.js</code> and save to reload.</p>'),
      'a title': { 'index.html': '<html><head><title>Vite + React</title></head><body></body></html>' },
    },
    ignores: {
      'an app of its own': { 'index.html': '<html><head><title>Notes</title></head><body></body></html>' },
      'a mention of Vite': jsx('export default () => <p>Made with Vite and React</p>'),
      'a counter': jsx(
        'export default () => {\n  const [count, setCount] = useState(0)\n  return <button onClick={() => setCount(count + 1)}>count is {count}</button>\n}',
      ),
    },
  },
  'empty-catch': {
    reports: {
      'a block': script('try { x() } catch (e) {}\n'),
      'without a binding': script('try { x() } catch {\n}\n'),
      'a promise': script('x().catch(() => {})\n'),
    },
    ignores: {
      'a reason': script('try { x() } catch {\n  // The file may be gone already.\n}\n'),
      handling: script('try { x() } catch (e) { report(e) }\n'),
      'a default': script('x().catch(() => null)\n'),
    },
  },
}

for (const [rule, { reports, ignores }] of Object.entries(cases)) {
  describe(rule, () => {
    test.each(Object.entries(reports))('reports %s', async (_title, files) => {
      expect(await found(rule, files)).toHaveLength(1)
    })
    test.each(Object.entries(ignores))('ignores %s', async (_title, files) => {
      expect(await found(rule, files)).toEqual([])
    })
  })
}

test('finds its canary', async () => {
  expect(await found(completeness.canary.rule, { ...completeness.canary.files })).toHaveLength(1)
})

test('one gap is told once', async () => {
  const { findings } = await analyzeFiles(
    completeness,
    jsx(
      'export default function A() {\n  const save = () => {\n    // TODO: implement saving\n  }\n  return <button onClick={save}>S</button>\n}',
    ),
  )
  expect(findings.map(({ rule }) => rule)).toEqual(['dead-handler'])
})

describe('scan', () => {
  test('knows where lines begin in text', () => {
    expect(scan('a = """\nb\n"""\nc', 'python').beginsInCode).toEqual([true, false, false, true])
    expect(scan('a = `\n${b}\n`\nc', 'javascript').beginsInCode).toEqual([true, false, false, true])
  })

  test('names what is never closed', () => {
    expect(scan('f({\n  a: [1],', 'javascript').unclosed).toEqual([
      { bracket: '(', line: 1 },
      { bracket: '{', line: 1 },
    ])
    expect(scan('x = re.match(r\'[(]\', "{") # (', 'python').unclosed).toEqual([])
    expect(scan('a.split(/[{(]/).map((b) => `${b}{`) // {', 'javascript').unclosed).toEqual([])
  })

  test('is total and counts every line, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab(){}[]"\'`$\\/*#\n '), maxLength: 60 }),
        fc.constantFrom('python' as const, 'javascript' as const, 'css' as const),
        (text, grammar) => {
          expect(scan(text, grammar).beginsInCode).toHaveLength(text.split('\n').length)
        },
      ),
      { seed: 7, numRuns: 2000 },
    )
  })
})
