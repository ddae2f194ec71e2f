import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

const head = `import os, re, json, subprocess, sqlite3, pickle, yaml, html, shlex, logging
import requests, urllib.parse, urllib.request, ldap, ldap3
from lxml import etree
from pathlib import Path
from urllib.parse import urlparse, quote
from flask import Flask, request, redirect, abort, render_template, render_template_string, make_response, send_file, session, jsonify, Response, url_for
from markupsafe import escape, Markup
from werkzeug.utils import secure_filename
app = Flask(__name__)
conn = sqlite3.connect('app.db')
BASE = '/srv/files'
ALLOWED = {'a': 'x', 'b': 'y'}
NAMES = ['id', 'name']
log = logging.getLogger(__name__)

def identity(x):
    return x

def first(items):
    return items[0]

class Box:
    def __init__(self, value):
        self.value = value
    def get(self):
        return self.value
    def fixed(self):
        return 'fixed'

def is_known(x):
    return x in NAMES

def check(x):
    if x not in NAMES:
        abort(400)

@app.route('/x/<int:number>/<path:rest>')
def answer(number, rest):
    q = request.args.get('q', '')
`

interface Cases {
  readonly vulnerable: readonly string[]
  readonly safe: readonly string[]
}

/** Bodies of a request function; `;;` separates lines. The sink stands in the last line but one or the last. */
const cases: Readonly<Record<string, Cases>> = {
  'sql-injection': {
    vulnerable: [
      "conn.execute('select ' + q)",
      'conn.cursor().execute(f"select * from t where n = \'{q}\'")',
      "conn.execute('select %s' % q)",
      "conn.execute('select {}'.format(q))",
      "sql = 'select * from t where n = '\nsql += q\nconn.execute(sql)",
      "conn.execute('select ' + identity(q))",
      "conn.execute('select ' + html.escape(q).replace('a', 'b') + q)",
      "conn.execute('select ' + Box(q).get())",
      "d = {'a': 'x', 'b': q}\nconn.execute('select ' + d['b'])",
      "l = ['x', q]\nconn.execute('select ' + l[1])",
      "parts = []\nfor p in q.split(','):\n    parts.append(p)\nconn.execute('select ' + ','.join(parts))",
      'data = request.get_json()\nconn.execute(f"select {data[\'x\']}")',
      "if len(q) > 3:\n    conn.execute('select ' + q)",
      "try:\n    n = int(q)\nexcept ValueError:\n    n = q\nconn.execute('select %s' % n)",
      "conn.execute('select ' + rest)",
      "cur = conn.cursor()\ncur.execute('select ' + ' or '.join([f'a={x}' for x in request.args.getlist('x')]))",
    ],
    safe: [
      "conn.execute('select ?', (q,))",
      "conn.execute('select %d' % int(q))",
      "q = 'fixed'\nconn.execute('select ' + q)",
      "if q not in NAMES:\n    abort(400)\nconn.execute('select ' + q)",
      "if q not in NAMES:\n    return 'no'\nconn.execute('select ' + q)",
      "check(q)\nconn.execute('select ' + q)",
      "if not is_known(q):\n    abort(400)\nconn.execute('select ' + q)",
      "conn.execute('select ' + ALLOWED.get(q, 'x'))",
      "if False:\n    conn.execute('select ' + q)",
      "n = 7\nx = q if n > 10 else 'a'\nconn.execute('select ' + x)",
      "d = {'a': 'x', 'b': q}\nconn.execute('select ' + d['a'])",
      "l = ['x', q]\nl.pop(0)\nl.append('y')\nconn.execute('select ' + l[1])",
      "conn.execute('select ' + Box(q).fixed())",
      "conn.execute(f'select {number}')",
      "if not re.fullmatch(r'[a-z_]+', q):\n    abort(400)\nconn.execute('select ' + q)",
      "if not q.isalnum():\n    raise ValueError(q)\nconn.execute('select ' + q)",
      "order = 'name' if q == 'name' else 'id'\nconn.execute('select ' + order)",
      "conn.execute('select ' + ','.join(['?'] * len(request.args)))",
    ],
  },
  'command-injection': {
    vulnerable: [
      "os.system('ls ' + q)",
      "subprocess.run(f'ls {q}', shell=True)",
      "subprocess.check_output('ls ' + q, shell=True)",
      "os.popen('cat ' + html.escape(q))",
      "cmd = ['ls', q]\nsubprocess.run(' '.join(cmd), shell=True)",
      "def inner(c):\n    os.system(c)\ninner('ls ' + q)",
      "subprocess.run(['sh', '-c', q][2], shell=True)",
    ],
    safe: [
      "subprocess.run(['ls', q])",
      "os.system('ls ' + shlex.quote(q))",
      "os.system('ls')",
      "subprocess.run('ls', shell=True)",
      "os.system('sleep ' + str(int(q)))",
      "m = {'a': 'ls', 'b': 'df'}\nos.system(m[q])",
      "if re.match(r'^[a-z]+$', q):\n    os.system('ls ' + q)",
      "subprocess.run(['ls', q], shell=False)",
    ],
  },
  'cross-site-scripting': {
    vulnerable: [
      'return q',
      "return f'<b>{q}</b>'",
      "return '<b>' + q.upper() + '</b>'",
      "resp = make_response('<b>' + q)\nreturn resp",
      "return '<b>%s</b>' % q, 200",
      "return Markup('<b>' + q)",
      "return Response('<b>' + q, mimetype='text/html')",
      "return '<b>' + shlex.quote(q)",
    ],
    safe: [
      'return escape(q)',
      "return '<b>' + html.escape(q)",
      'return jsonify(q=q)',
      "return {'q': q}",
      "return render_template('a.html', q=q)",
      "return Response(q, mimetype='text/plain')",
      "return f'<b>{int(q)}</b>'",
      "return q, 200, {'Content-Type': 'text/plain'}",
      "return 'ok' if q else 'no'",
      "return q.replace('&', '&amp;').replace('<', '&lt;')",
    ],
  },
  'path-traversal': {
    vulnerable: [
      'open(q)',
      'open(os.path.join(BASE, q)).read()',
      "return send_file('/srv/' + q)",
      '(Path(BASE) / q).read_text()',
      "if '..' in q:\n    abort(400)\nopen(os.path.join(BASE, q))",
      'p = os.path.join(BASE, q)\nif not p.startswith(BASE):\n    abort(400)\nopen(p)',
      "os.remove(f'/srv/{rest}')",
      "open(BASE + '/' + html.escape(q))",
    ],
    safe: [
      'open(os.path.join(BASE, secure_filename(q)))',
      'open(os.path.join(BASE, os.path.basename(q)))',
      'p = os.path.realpath(os.path.join(BASE, q))\nif not p.startswith(BASE + os.sep):\n    abort(400)\nopen(p)',
      'p = (Path(BASE) / q).resolve()\nif not p.is_relative_to(BASE):\n    abort(400)\nreturn p.read_text()',
      "open('/srv/' + ALLOWED[q])",
      "if '..' in q or q.startswith('/'):\n    abort(400)\nopen(os.path.join(BASE, q))",
      "open('/srv/' + str(number))",
      "if q in ('a.txt', 'b.txt'):\n    open(q)",
    ],
  },
  'open-redirect': {
    vulnerable: [
      'return redirect(q)',
      "return redirect(request.args.get('next') or '/')",
      "return redirect('https://' + q)",
      "if q.startswith('/'):\n    return redirect(q)\nreturn ''",
      "if 'example.com' in q:\n    return redirect(q)\nreturn ''",
      'target = q.strip()\nreturn redirect(location=target)',
    ],
    safe: [
      "return redirect('/')",
      "return redirect(url_for('index', q=q))",
      "return redirect('/users/' + q)",
      "return redirect('https://example.com/' + q)",
      "if urlparse(q).netloc not in ('example.com', 'www.example.com'):\n    abort(400)\nreturn redirect(q)",
      "if urlparse(q).netloc != '':\n    abort(400)\nreturn redirect(q)",
      "if q not in ('/a', '/b'):\n    q = '/'\nreturn redirect(q)",
      "if q.startswith('/') and not q.startswith('//'):\n    return redirect(q)\nreturn ''",
      "return redirect(ALLOWED.get(q, '/'))",
    ],
  },
  'server-side-request-forgery': {
    vulnerable: [
      'requests.get(q)',
      "requests.get('http://' + q + '/status')",
      'urllib.request.urlopen(q).read()',
      "requests.request('GET', q)",
      'requests.post(url=q, json={})',
      "if q.startswith('http'):\n    requests.get(q)",
    ],
    safe: [
      "requests.get('https://api.example.com/' + q)",
      "requests.get('https://api.example.com', params={'q': q})",
      'requests.get(ALLOWED[q])',
      "if urlparse(q).hostname not in ('a.example.com',):\n    abort(400)\nrequests.get(q)",
      "u = q\nu = 'https://a.example.com'\nrequests.get(u)",
      "requests.get(f'https://a.example.com/{int(q)}')",
      "if q.startswith('https://api.example.com/'):\n    requests.get(q)",
    ],
  },
  'template-injection': {
    vulnerable: [
      'return render_template_string(q)',
      "return render_template_string('<b>' + q + '</b>')",
      "t = f'<b>{q}</b>'\nreturn render_template_string(t)",
      "return render_template_string('%s' % html.escape(q))",
      'import jinja2\nreturn jinja2.Template(q).render()',
      'return render_template_string(identity(q))',
    ],
    safe: [
      "return render_template_string('<b>{{ q }}</b>', q=q)",
      "return render_template('a.html', q=q)",
      "import jinja2\nreturn jinja2.Template('{{ q|e }}').render(q=escape(q))",
      't = ALLOWED[q]\nreturn render_template_string(t)',
      "return render_template_string('<b>' + str(int(q)) + '</b>')",
      "if q not in NAMES:\n    abort(404)\nreturn render_template_string('<b>' + q + '</b>')",
    ],
  },
  'code-injection': {
    vulnerable: [
      'eval(q)',
      'exec(q)',
      "eval('1 + ' + q)",
      "exec(compile(q, 'x', 'exec'))",
      'f = eval\nf(q)',
      "eval(json.loads(q)['code'])",
    ],
    safe: [
      'import ast\nast.literal_eval(q)',
      "eval('1 + 2')",
      'eval(str(int(q)))',
      "if q in ('1', '2'):\n    eval(q)",
      "q = '1'\neval(q)",
      'json.loads(q)',
    ],
  },
  'unsafe-deserialisation': {
    vulnerable: [
      'pickle.loads(request.data)',
      'import base64\npickle.loads(base64.b64decode(q))',
      'yaml.load(q, Loader=yaml.Loader)',
      'yaml.load(q)',
      'yaml.unsafe_load(q)',
      "pickle.loads(bytes.fromhex(request.cookies['c']))",
    ],
    safe: [
      'yaml.safe_load(q)',
      'yaml.load(q, Loader=yaml.SafeLoader)',
      'json.loads(q)',
      "pickle.loads(open('cache', 'rb').read())",
      "yaml.load('a: 1')",
      'pickle.dumps(q)',
    ],
  },
  'ldap-injection': {
    vulnerable: [
      "c = ldap3.Connection('x')\nc.search('dc=x', f'(uid={q})')",
      "c = ldap3.Connection('x')\nc.search('dc=x', '(uid=' + q + ')')",
      "c = ldap.initialize('x')\nc.search_s('dc=x', 2, '(uid=%s)' % q)",
      "c = ldap3.Connection('x')\nc.search(search_base='dc=x', search_filter='(uid={})'.format(q))",
      "c = ldap3.Connection('x')\nc.search('ou=' + q, '(a=b)')",
      "c = ldap.initialize('x')\nc.search_s('dc=x', 2, '(uid=%s)' % html.escape(q))",
    ],
    safe: [
      "from ldap3.utils.conv import escape_filter_chars\nc = ldap3.Connection('x')\nc.search('dc=x', f'(uid={escape_filter_chars(q)})')",
      "c = ldap3.Connection('x')\nc.search('dc=x', '(uid=a)')",
      "from ldap.filter import escape_filter_chars\nc = ldap.initialize('x')\nc.search_s('dc=x', 2, '(uid=%s)' % escape_filter_chars(q))",
      "if not q.isalnum():\n    abort(400)\nc = ldap3.Connection('x')\nc.search('dc=x', f'(uid={q})')",
      "c = ldap3.Connection('x')\nc.search('dc=x', f'(n={int(q)})')",
      "c = ldap3.Connection('x')\nc.search('dc=x', '(uid=' + ALLOWED[q] + ')')",
    ],
  },
  'xpath-injection': {
    vulnerable: [
      "t = etree.parse('a.xml')\nt.xpath('//u[@n=' + q + ']')",
      "t = etree.parse('a.xml')\nt.xpath(f\"//u[@n='{q}']\")",
      "etree.XPath('//' + q)",
      "t = etree.parse('a.xml').getroot()\nt.xpath('//u[@n=\"%s\"]' % q)",
      "import xml.etree.ElementTree as ET\nET.parse('a.xml').findall('.//' + q)",
      "t = etree.parse('a.xml')\nt.xpath('//' + html.escape(q).replace('a', 'b') + q)",
    ],
    safe: [
      "t = etree.parse('a.xml')\nt.xpath('//u[@n=$n]', n=q)",
      "t = etree.parse('a.xml')\nt.xpath('//u')",
      "t = etree.parse('a.xml')\nt.xpath(f'//u[{int(q)}]')",
      "if not re.fullmatch('[a-z]+', q):\n    abort(400)\netree.parse('a.xml').xpath('//' + q)",
      "if q not in NAMES:\n    return ''\netree.parse('a.xml').xpath('//' + q)",
      "etree.parse('a.xml').xpath('//' + ALLOWED[q])",
    ],
  },
}

function programOf(body: string): string {
  const lines = body.split('\n').map((line) => `    ${line}`)
  return `${head}${lines.join('\n')}\n    return 'done'\n`
}

for (const [rule, { vulnerable, safe }] of Object.entries(cases)) {
  for (const [expected, bodies] of [
    [1, vulnerable],
    [0, safe],
  ] as const) {
    test.each(bodies)(`${rule}: ${expected === 1 ? 'found' : 'not found'} in %s`, async (body) => {
      const { findings } = await analyzeFiles(dataflow, { 'app.py': programOf(body) })
      const sure = findings.filter((finding) => finding.rule === rule && finding.confidence !== 'low')
      expect(sure.length).toBe(expected)
    })
  }
}
