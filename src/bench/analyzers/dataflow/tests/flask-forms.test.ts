// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the programs under test are text
import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

/** Ways to read what a request carries into `param`. */
const sources: readonly (readonly [name: string, code: string])[] = [
  ['args', `param = request.args.get("v1")\n\tif not param:\n\t\tparam = ""`],
  ['argslist', `values = request.args.getlist("v1")\n\tparam = ""\n\tif values:\n\t\tparam = values[0]`],
  ['form', `param = ""\n\tif "v1" in request.form:\n\t\tparam = request.form["v1"]`],
  ['formlist', `values = request.form.getlist("v1")\n\tparam = values[0] if values else ""`],
  ['cookie', `import urllib.parse\n\tparam = urllib.parse.unquote_plus(request.cookies.get("v1", "noCookie"))`],
  ['header', `param = ""\n\theaders = request.headers.getlist("v1")\n\tif headers:\n\t\tparam = headers[0]`],
  [
    'headerunq',
    `import urllib.parse\n\tparam = request.headers.get("Referer", "")\n\tparam = urllib.parse.unquote(param)`,
  ],
  [
    'names',
    `param = ""\n\tfor name in request.form.keys():\n\t\tif "v1" in request.form.getlist(name):\n\t\t\tparam = name\n\t\t\tbreak`,
  ],
  [
    'headernames',
    `param = ""\n\tfor name in request.headers.keys():\n\t\tif name.lower() in ("host", "accept"):\n\t\t\tcontinue\n\t\tparam = name\n\t\tbreak`,
  ],
  [
    'qs',
    `import urllib.parse\n\tquery = request.query_string.decode("utf-8")\n\tat = query.find("v1=")\n\tif at == -1:\n\t\treturn "missing"\n\tparam = query[at + 3:]\n\tend = param.find("&")\n\tif end != -1:\n\t\tparam = param[:end]\n\tparam = urllib.parse.unquote_plus(param)`,
  ],
  [
    'path',
    `import urllib.parse\n\tparts = request.path.split("/")\n\tparam = urllib.parse.unquote(parts[1])\n\tif not param:\n\t\tparam = ""`,
  ],
  ['wrapper', `import helpers.wrapped\n\twrapped = helpers.wrapped.Wrapped(request)\n\tparam = wrapped.query("v1")`],
  [
    'wrapperform',
    `import helpers.wrapped\n\twrapped = helpers.wrapped.Wrapped(request)\n\tparam = wrapped.form_value("v1")`,
  ],
  ['todict', `data = request.args.to_dict()\n\tparam = data.get("v1", "")`],
  ['getjson', `data = request.get_json(force=True, silent=True) or {}\n\tparam = data.get("v1", "")`],
]

/** Ways from `param` to `bar`, and whether what was sent arrives there. */
const ways: readonly (readonly [name: string, arrives: boolean, code: string])[] = [
  ['plain', true, `bar = param`],
  [
    'map',
    true,
    `table = {}\n\ttable["keyA"] = "a value"\n\ttable["keyB"] = param\n\ttable["keyC"] = "another"\n\tbar = "nothing"\n\tbar = table["keyB"]`,
  ],
  [
    'mapsafe',
    false,
    `table = {}\n\ttable["keyA"] = "a value"\n\ttable["keyB"] = param\n\ttable["keyC"] = "another"\n\tbar = table["keyB"]\n\tbar = table["keyA"]`,
  ],
  [
    'list',
    true,
    `lst = []\n\tlst.append("safe")\n\tlst.append(param)\n\tlst.append("moresafe")\n\tlst.pop(0)\n\tbar = lst[0]`,
  ],
  [
    'listsafe',
    false,
    `lst = []\n\tlst.append("safe")\n\tlst.append(param)\n\tlst.append("moresafe")\n\tlst.pop(0)\n\tbar = lst[1]`,
  ],
  ['tern', true, `num = 106\n\tbar = "never" if (7 * 42) - num > 200 else param`],
  ['ternsafe', false, `num = 106\n\tbar = "always" if (7 * 18) + num > 200 else param`],
  ['if', true, `num = 196\n\tif (500 / 42) + num > 200:\n\t\tbar = param\n\telse:\n\t\tbar = "never"`],
  ['ifsafe', false, `num = 86\n\tif (7 * 42) - num > 200:\n\t\tbar = "always"\n\telse:\n\t\tbar = param`],
  [
    'conf',
    true,
    `import configparser\n\tconf = configparser.ConfigParser()\n\tconf.add_section("s1")\n\tconf.set("s1", "keyA", "a value")\n\tconf.set("s1", "keyB", param)\n\tbar = conf.get("s1", "keyB")`,
  ],
  [
    'confsafe',
    false,
    `import configparser\n\tconf = configparser.ConfigParser()\n\tconf.add_section("s1")\n\tconf.set("s1", "keyA", "a value")\n\tconf.set("s1", "keyB", param)\n\tbar = conf.get("s1", "keyA")`,
  ],
  [
    'confidx',
    true,
    `import configparser\n\tconf = configparser.ConfigParser()\n\tconf["s1"] = {}\n\tconf["s1"]["keyA"] = "a value"\n\tconf["s1"]["keyB"] = param\n\tbar = conf["s1"]["keyB"]`,
  ],
  [
    'confidxsafe',
    false,
    `import configparser\n\tconf = configparser.ConfigParser()\n\tconf["s1"] = {}\n\tconf["s1"]["keyA"] = "a value"\n\tconf["s1"]["keyB"] = param\n\tbar = conf["s1"]["keyA"]`,
  ],
  [
    'b64',
    true,
    `import base64\n\ttmp = base64.b64encode(param.encode("utf-8"))\n\tbar = base64.b64decode(tmp).decode("utf-8")`,
  ],
  ['slice', true, `bar = param[:-1] + "x" if len(param) > 1 else param`],
  ['slice2', true, `text = f"xx{param}abcd"\n\tbar = text[len("xx"):len(text) - 4]`],
  [
    'match',
    true,
    `possible = "ABC"\n\tguess = possible[0]\n\tmatch guess:\n\t\tcase "A":\n\t\t\tbar = param\n\t\tcase "B":\n\t\t\tbar = "bob"\n\t\tcase "C" | "D":\n\t\t\tbar = param\n\t\tcase _:\n\t\t\tbar = "bob's uncle"`,
  ],
  [
    'matchsafe',
    false,
    `possible = "ABC"\n\tguess = possible[1]\n\tmatch guess:\n\t\tcase "A":\n\t\t\tbar = param\n\t\tcase "B":\n\t\t\tbar = "bob"\n\t\tcase "C" | "D":\n\t\t\tbar = param\n\t\tcase _:\n\t\t\tbar = "bob's uncle"`,
  ],
  [
    'factory',
    true,
    `import helpers.things\n\tthing = helpers.things.create_thing()\n\tbar = thing.do_something(param)`,
  ],
  ['helper', true, `bar = passed(param)`],
  ['helpersafe', false, `bar = dropped(param)`],
  ['nested', true, `def inner(value):\n\t\treturn value.strip()\n\tbar = inner(param)`],
  ['dictget', true, `options = dict(a="1", b=param)\n\tbar = options.get("b", "x")`],
  ['dictgetsafe', false, `options = dict(a="1", b=param)\n\tbar = options.get("a", "x")`],
  ['split', true, `bar = ""\n\tif param:\n\t\tbar = param.split(" ")[0]`],
  ['overwritten', false, `bar = param\n\tbar = "constant"`],
  ['join', true, `bar = "".join([c for c in param])`],
  ['format', true, `bar = "{}".format(param)`],
  ['tuple', true, `bar, other = (param, "x")`],
  ['tuplesafe', false, `other, bar = (param, "x")`],
  ['setdefault', true, `options = {}\n\toptions.setdefault("k", param)\n\tbar = options["k"]`],
  ['starred', true, `first, *rest = [1, param, 2]\n\tbar = rest[0]`],
  ['extend', true, `values = ["a"]\n\tvalues.extend(["b", param])\n\tbar = values[2]`],
  ['insert', true, `values = ["a"]\n\tvalues.insert(0, param)\n\tbar = values[0]`],
  ['insertsafe', false, `values = ["a"]\n\tvalues.insert(0, param)\n\tbar = values[1]`],
  ['deque', true, `from collections import deque\n\tqueue = deque()\n\tqueue.append(param)\n\tbar = queue.popleft()`],
  ['stringio', true, `import io\n\tbuffer = io.StringIO()\n\tbuffer.write(param)\n\tbar = buffer.getvalue()`],
  ['bytearray', true, `raw = bytearray(param, "utf-8")\n\tbar = raw.decode("utf-8")`],
  ['reduce', true, `from functools import reduce\n\tbar = reduce(lambda a, b: a + b, [c for c in param], "")`],
  ['attr', true, `class Holder:\n\t\tpass\n\tholder = Holder()\n\tholder.value = param\n\tbar = holder.value`],
  ['while', true, `bar = ""\n\ti = 0\n\twhile i < len(param):\n\t\tbar += param[i]\n\t\ti += 1`],
  ['jsonround', true, `import json\n\tbar = json.loads(json.dumps({"v": param}))["v"]`],
  ['jsonroundsafe', false, `import json\n\tbar = json.loads(json.dumps({"v": "x", "w": param}))["v"]`],
  ['hexround', true, `bar = bytes.fromhex(param.encode().hex()).decode()`],
  ['trywhole', true, `try:\n\t\tbar = param\n\texcept Exception:\n\t\tbar = "x"`],
  ['lambda', true, `pick = lambda v, w: v\n\tbar = pick(param, "x")`],
  ['lambdasafe', false, `pick = lambda v, w: w\n\tbar = pick(param, "x")`],
  ['globalconst', false, `bar = param if MODE == "open" else "closed"`],
  ['kwargs', true, `def show(**options):\n\t\treturn options["a"]\n\tbar = show(a=param, b="x")`],
  ['kwargssafe', false, `def show(**options):\n\t\treturn options["b"]\n\tbar = show(a=param, b="x")`],
  ['args', true, `def show(*values):\n\t\treturn values[1]\n\tbar = show("x", param)`],
  ['generator', true, `def each(v):\n\t\tyield "a"\n\t\tyield v\n\tbar = list(each(param))[-1]`],
  ['dictcomp', true, `options = {k: v for k, v in [("a", param)]}\n\tbar = options["a"]`],
  ['zip', true, `options = dict(zip(["a", "b"], ["x", param]))\n\tbar = options["b"]`],
  ['percent', true, `bar = "%s" % param`],
  ['template', true, `from string import Template\n\tbar = Template("$v").substitute(v=param)`],
  ['reversed', true, `bar = param[::-1]`],
  [
    'namedtuple',
    true,
    `from collections import namedtuple\n\tPair = namedtuple("Pair", ["a", "b"])\n\tbar = Pair("x", param).b`,
  ],
  [
    'namedtuplesafe',
    false,
    `from collections import namedtuple\n\tPair = namedtuple("Pair", ["a", "b"])\n\tbar = Pair("x", param).a`,
  ],
]

/** What `bar` does harm to: the defect (or rule, where it has none). */
const sinks: readonly (readonly [name: string, defect: string, code: string])[] = [
  [
    'sql',
    'sql-injection',
    `import helpers.db\n\tconnection = helpers.db.get_connection()\n\tcursor = connection.cursor()\n\tcursor.execute(f"SELECT username from USERS where password = '{bar}'")\n\treturn str(len(cursor.fetchall()))`,
  ],
  [
    'cmd',
    'command-injection',
    `import subprocess\n\tout = subprocess.run(f"echo {bar}", shell=True, capture_output=True)\n\treturn str(out.returncode)`,
  ],
  [
    'cmdlist',
    'command-injection',
    `import subprocess\n\targs = []\n\targs.append("sh")\n\targs.append("-c")\n\targs.append(f"echo {bar}")\n\tproc = subprocess.run(args, capture_output=True)\n\treturn str(proc.returncode)`,
  ],
  ['code', 'code-injection', `exec(bar)\n\treturn "done"`],
  [
    'path',
    'path-traversal',
    `import helpers.files\n\tname = f"{helpers.files.FOLDER}/{bar}"\n\twith open(name, "rb") as f:\n\t\treturn str(len(f.read()))`,
  ],
  ['xss', 'xss', `response = ""\n\tresponse += f"<p>{bar}</p>"\n\treturn response`],
  [
    'xss2',
    'xss',
    `response = ""\n\tparts = {"a": "x", "b": bar}\n\tresponse += "formatted: {a} {b}".format(**parts)\n\treturn response`,
  ],
  ['redirect', 'open-redirect', `import flask\n\treturn flask.redirect(bar)`],
  [
    'ldap',
    'ldap-injection',
    `import ldap3\n\tconn = ldap3.Connection(ldap3.Server("ldap.internal"), auto_bind=True)\n\tconn.search("ou=users,dc=x", f"(&(objectclass=person)(uid={bar}))", attributes=["cn"])\n\treturn str(len(conn.entries))`,
  ],
  [
    'ldap2',
    'ldap-injection',
    `import helpers.directory\n\tdirectory = helpers.directory.Directory()\n\treturn str(len(directory.connection().search("ou=users,dc=x", "(uid=" + bar + ")")))`,
  ],
  [
    'xpath',
    'xpath-injection',
    `import lxml.etree\n\tfd = open("employees.xml", "rb")\n\troot = lxml.etree.parse(fd)\n\tnodes = root.xpath("/Employees/Employee[@emplid='" + bar + "']")\n\treturn str(len(nodes))`,
  ],
  [
    'xpath2',
    'xpath-injection',
    `import elementpath\n\timport xml.etree.ElementTree as ET\n\troot = ET.parse("employees.xml")\n\tnodes = elementpath.select(root, f"/Employees/Employee[@emplid='{bar}']")\n\treturn str(len(nodes))`,
  ],
  [
    'deser',
    'insecure-deserialization',
    `import base64, pickle\n\tunpickled = pickle.loads(base64.urlsafe_b64decode(bar))\n\treturn str(len(unpickled))`,
  ],
  [
    'yaml',
    'insecure-deserialization',
    `import yaml\n\tloaded = yaml.load(bar, Loader=yaml.Loader)\n\treturn str(len(loaded))`,
  ],
  [
    'xxe',
    'xxe',
    `import xml.sax\n\timport xml.dom.pulldom\n\tparser = xml.sax.make_parser()\n\tparser.setFeature(xml.sax.handler.feature_external_ges, True)\n\tdoc = xml.dom.pulldom.parseString(bar, parser)\n\treturn str(doc)`,
  ],
  ['trust', 'trust-boundary', `import flask\n\tflask.session["userid"] = bar\n\treturn "done"`],
  ['trust2', 'trust-boundary', `import flask\n\tflask.session[bar] = "1234"\n\treturn "done"`],
  ['ssrf', 'ssrf', `import requests\n\treturn str(requests.get("http://" + bar + "/status").status_code)`],
]

const helpers: Readonly<Record<string, string>> = {
  'helpers/__init__.py': '',
  'helpers/files.py': 'import os\nFOLDER = os.path.join(os.path.dirname(__file__), "files")\n',
  'helpers/db.py':
    'import sqlite3\n\ndef get_connection():\n    connection = sqlite3.connect(":memory:")\n    return connection\n',
  'helpers/wrapped.py':
    'class Wrapped:\n    def __init__(self, request):\n        self.request = request\n\n    def query(self, name):\n        return self.request.args.get(name, "")\n\n    def form_value(self, name):\n        return self.request.form.get(name, "")\n',
  'helpers/things.py':
    'class ThingOne:\n    def do_something(self, value):\n        return value\n\nclass ThingTwo:\n    def do_something(self, value):\n        result = value\n        return result + ""\n\ndef create_thing():\n    import random\n    if random.random() > 0.5:\n        return ThingOne()\n    return ThingTwo()\n',
  'helpers/directory.py':
    'import ldap3\n\nclass Directory:\n    def connection(self):\n        return ldap3.Connection(ldap3.Server("x"), auto_bind=True)\n',
}

const functions =
  'MODE = "closed"\n\ndef passed(value):\n\treturn value\n\ndef dropped(value):\n\treturn "constant"\n\n'

/** A handler in the module, or in a function that is given the app. */
function programOf(source: string, way: string, sink: string, nested: boolean): string {
  const body = `\t${source}\n\t${way}\n\t${sink}\n`
  const route = '@app.route("/t/1", methods=["GET", "POST"])'
  if (!nested) {
    return `from flask import Flask, request\n\napp = Flask(__name__)\n\n${functions}${route}\ndef handler():\n${body}`
  }
  const moved = body.replace(/^(?=.)/gm, '\t')
  return `from flask import request\n\n${functions}def init(app):\n\t${route}\n\tdef handler():\n${moved}`
}

async function reports(program: string, defect: string): Promise<boolean> {
  const { findings } = await analyzeFiles(dataflow, { 'app.py': program, ...helpers })
  return findings.some(
    ({ rule, confidence }) => (dataflow.rule(rule)?.defect ?? rule) === defect && confidence !== 'low',
  )
}

const pick = <Item>(items: readonly Item[], at: number): Item => {
  const item = items[at % items.length]
  if (item === undefined) throw new Error('There is nothing to pick from.')
  return item
}

test.each(ways.map(([name, arrives, code], at) => [name, arrives, code, at] as const))(
  'what was sent is followed through %s: %s',
  async (_name, arrives, code, at) => {
    for (const turn of [0, 1, 2]) {
      const [, source] = pick(sources.slice(0, 6), at + turn)
      const [, defect, sink] = pick(sinks.slice(0, 12), at * 5 + turn * 7)
      expect(await reports(programOf(source, code, sink, (at + turn) % 2 === 0), defect), `${defect} ${turn}`).toBe(
        arrives,
      )
    }
  },
)

test.each(sinks)('%s is a sink: %s', async (_name, defect, code) => {
  const [, source] = pick(sources, 0)
  expect(await reports(programOf(source, 'bar = param', code, true), defect)).toBe(true)
  expect(await reports(programOf(source, 'bar = "constant"', code, true), defect)).toBe(false)
})

test.each(sources)('%s is a source', async (_name, code) => {
  const [, defect, sink] = pick(sinks, 0)
  expect(await reports(programOf(code, 'bar = param', sink, false), defect)).toBe(true)
})
