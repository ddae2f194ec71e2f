// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the programs under test are text
import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

type Files = Readonly<Record<string, string>>

/** A view of Flask around statements, after code of the module. */
function py(body: string, top = ''): Files {
  const head =
    'import flask\nfrom flask import Flask, request, make_response, session, redirect, abort\napp = Flask(__name__)\n'
  const handler = `@app.route("/t", methods=["GET", "POST"])\ndef handler():\n${body.replace(/^/gm, '    ')}\n`
  return { 'app.py': `${head}${top}\n${handler}` }
}

/** A route of Express around statements, after code of the module. */
function js(body: string, top = ''): Files {
  const head = "const express = require('express')\nconst app = express()\napp.use(express.json())\n"
  return { 'app.js': `${head}${top}\napp.all('/t', async (req, res) => {\n${body}\n})\n` }
}

/** Forms that look alike, of which some do harm: the defect (or rule, where it has none) and whether it is one. */
const forms: readonly (readonly [name: string, files: Files, defect: string, harmful: boolean])[] = [
  [
    'md5 new',
    py(
      'import hashlib, io\nparam = request.args.get("p")\nh = hashlib.md5()\nh.update(param.encode())\nout = h.digest()\nopen("passwords.txt","a").write(f"hash_value={out}")\nreturn "ok"',
    ),
    'weak-hash',
    true,
  ],
  [
    'md5 stored',
    py(
      'import hashlib\nparam = request.args.get("p","")\nval = hashlib.new("md5", param.encode("utf-8")).hexdigest()\nwith open("passwordFile.txt", "a") as f:\n    f.write("hash_value=" + val)\nreturn "ok"',
    ),
    'weak-hash',
    true,
  ],
  [
    'sha1 plain',
    py(
      'import hashlib\nparam = request.form["secret"]\nvalue = hashlib.sha1(param.encode()).hexdigest()\nreturn "stored " + str(len(value))',
    ),
    'weak-hash',
    true,
  ],
  [
    'sha512',
    py(
      'import hashlib\nparam = request.form["secret"]\nvalue = hashlib.sha512(param.encode()).hexdigest()\nreturn "stored " + str(len(value))',
    ),
    'weak-hash',
    false,
  ],
  [
    'sha384 new',
    py(
      'import hashlib\nparam = request.form["x"]\nvalue = hashlib.new("sha384", param.encode()).hexdigest()\nreturn str(len(value))',
    ),
    'weak-hash',
    false,
  ],
  [
    'alg from config',
    py(
      'import hashlib\nparam = request.form["x"]\nvalue = hashlib.new(ALG, param.encode()).hexdigest()\nreturn str(len(value))',
      'ALG = "md5"',
    ),
    'weak-hash',
    true,
  ],
  [
    'random remember',
    py(
      'import random\nrand = random.random()\nuser = "Floyd"\nkey = "remember_me_" + user\nresp = make_response("hi")\nresp.set_cookie(key, str(rand)[2:], secure=True, httponly=True, samesite="Lax")\nreturn resp',
    ),
    'weak-random',
    true,
  ],
  [
    'randint session',
    py('import random\nvalue = random.randint(0, 2**32)\nsession["rememberMe"] = value\nreturn "ok"'),
    'weak-random',
    true,
  ],
  [
    'getrandbits',
    py(
      'import random\nimport base64\nvalue = base64.b64encode(random.getrandbits(256).to_bytes(32, "big"))\ncookie = "rememberMe"\nresp = make_response("x")\nresp.set_cookie(cookie, value, secure=True, httponly=True, samesite="Lax")\nreturn resp',
    ),
    'weak-random',
    true,
  ],
  [
    'secrets token',
    py(
      'import secrets\nvalue = secrets.token_hex(16)\nresp = make_response("x")\nresp.set_cookie("rememberMe", value, secure=True, httponly=True, samesite="Lax")\nreturn resp',
    ),
    'weak-random',
    false,
  ],
  [
    'systemrandom',
    py(
      'import random\nvalue = random.SystemRandom().randint(0, 2**64)\nresp = make_response("x")\nresp.set_cookie("rememberMe", str(value), secure=True, httponly=True, samesite="Lax")\nreturn resp',
    ),
    'weak-random',
    false,
  ],
  [
    'random normalvariate',
    py(
      'import random\nvalue = str(random.normalvariate(0, 1))\nresp = make_response("x")\nresp.set_cookie("rememberMe", value, secure=True, httponly=True, samesite="Lax")\nreturn resp',
    ),
    'weak-random',
    true,
  ],
  [
    'random sample',
    py(
      'import random, string\nvalue = "".join(random.sample(string.ascii_letters, 20))\nsession["token"] = value\nreturn "x"',
    ),
    'weak-random',
    true,
  ],
  [
    'cookie insecure',
    py(
      'p = request.args.get("p","")\nresp = make_response("x")\nresp.set_cookie("SomeCookie", "v", path=request.path, secure=False, httponly=True)\nreturn resp',
    ),
    'insecure-cookie',
    true,
  ],
  [
    'cookie secure',
    py(
      'resp = make_response("x")\nresp.set_cookie("SomeCookie", "v", path=request.path, secure=True, httponly=True)\nreturn resp',
    ),
    'insecure-cookie',
    false,
  ],
  [
    'cookie secure samesite',
    py(
      'resp = make_response("x")\nresp.set_cookie("SomeCookie", "v", path=request.path, secure=True, httponly=True, samesite="Lax")\nreturn resp',
    ),
    'insecure-cookie',
    false,
  ],
  ['trust const', py('session["userid"] = "constant"\nreturn "x"'), 'trust-boundary', false],
  ['trust value', py('session["userid"] = request.form.get("u")\nreturn "x"'), 'trust-boundary', true],
  ['trust key', py('session[request.form.get("u")] = "12345"\nreturn "x"'), 'trust-boundary', true],
  [
    'redirect guard',
    py(
      'from urllib.parse import urlparse\nbar = request.args.get("u","")\ntry:\n    url = urlparse(bar)\n    if url.netloc not in ["google.com"] or url.scheme != "https":\n        return "Invalid URL."\nexcept:\n    return "Error parsing URL."\nreturn redirect(bar)',
    ),
    'open-redirect',
    false,
  ],
  ['redirect ok', py('bar = request.args.get("u","")\nreturn redirect(bar)'), 'open-redirect', true],
  [
    'redirect code',
    py('bar = request.args.get("u","")\nreturn flask.redirect(location=bar, code=302)'),
    'open-redirect',
    true,
  ],
  [
    'location header',
    py('bar = request.args.get("u","")\nresp = make_response("", 302)\nresp.headers["Location"] = bar\nreturn resp'),
    'open-redirect',
    true,
  ],
  [
    'path guard dotdot',
    py(
      'import os\nbar = request.args.get("f","")\nif "../" in bar:\n    return "no"\nname = "/srv/files/" + bar\nwith open(name) as f:\n    return str(len(f.read()))',
    ),
    'path-traversal',
    false,
  ],
  [
    'path resolve',
    py(
      'from pathlib import Path\nbar = request.args.get("f","")\nbase = Path("/srv/files").resolve()\np = (base / bar).resolve()\nif not str(p).startswith(str(base)):\n    return "invalid"\nreturn p.read_text()[:0]',
    ),
    'path-traversal',
    false,
  ],
  [
    'path parents',
    py(
      'import pathlib\nbar = request.args.get("f","")\ntestfiles = pathlib.Path("/srv/files").resolve()\np = (testfiles / bar).resolve()\nif testfiles not in p.parents:\n    return "invalid"\nreturn str(len(p.read_bytes()))',
    ),
    'path-traversal',
    false,
  ],
  [
    'path codecs',
    py(
      'import codecs\nbar = request.args.get("f","")\nf = codecs.open("/srv/files/" + bar, "r", "utf-8")\nreturn str(len(f.read()))',
    ),
    'path-traversal',
    true,
  ],
  [
    'path os.open',
    py(
      'import os\nbar = request.args.get("f","")\nfd = os.open("/srv/files/" + bar, os.O_RDWR|os.O_CREAT)\nreturn str(fd)',
    ),
    'path-traversal',
    true,
  ],
  [
    'xpath escaped',
    py(
      'import lxml.etree\nbar = request.args.get("f","")\nroot = lxml.etree.parse("e.xml")\nq = "/E/E[@id=\'" + bar.replace("\'", "&apos;") + "\']"\nreturn str(len(root.xpath(q)))',
    ),
    'xpath-injection',
    false,
  ],
  [
    'xpath var',
    py(
      'import lxml.etree\nbar = request.args.get("f","")\nroot = lxml.etree.parse("e.xml")\nreturn str(len(root.xpath("/E/E[@id=$n]", n=bar)))',
    ),
    'xpath-injection',
    false,
  ],
  [
    'xpath guard quote',
    py(
      'import lxml.etree\nbar = request.args.get("f","")\nif "\'" in bar:\n    return "Employee ID must not contain apostrophes"\nroot = lxml.etree.parse("e.xml")\nreturn str(len(root.xpath(f"/E/E[@id=\'{bar}\']")))',
    ),
    'xpath-injection',
    false,
  ],
  [
    'xpath etree',
    py(
      'import xml.etree.ElementTree as ET\nbar = request.args.get("f","")\nroot = ET.parse("e.xml")\nreturn str(len(root.findall(f"E[@id=\'{bar}\']")))',
    ),
    'xpath-injection',
    true,
  ],
  [
    'ldap',
    py(
      'import ldap\nbar = request.args.get("f","")\nconn = ldap.initialize("ldap://x")\nr = conn.search_s("ou=x", ldap.SCOPE_SUBTREE, f"(uid={bar})")\nreturn str(len(r))',
    ),
    'ldap-injection',
    true,
  ],
  [
    'ldap guard',
    py(
      'import ldap3\nbar = request.args.get("f","")\nif "*" in bar or "(" in bar or ")" in bar:\n    return "bad"\nconn = ldap3.Connection("x")\nconn.search("ou=x", f"(uid={bar})")\nreturn "x"',
    ),
    'ldap-injection',
    false,
  ],
  [
    'sql param',
    py(
      'import sqlite3\nbar = request.args.get("f","")\ncur = sqlite3.connect("x").cursor()\ncur.execute("SELECT * FROM u WHERE n=?", (bar,))\nreturn "x"',
    ),
    'sql-injection',
    false,
  ],
  [
    'sql executescript',
    py(
      'import sqlite3\nbar = request.args.get("f","")\ncon = sqlite3.connect("x")\ncon.executescript("SELECT * FROM u WHERE n=\'" + bar + "\'")\nreturn "x"',
    ),
    'sql-injection',
    true,
  ],
  [
    'sql executemany',
    py(
      'import sqlite3\nbar = request.args.get("f","")\ncon = sqlite3.connect("x")\ncon.executemany(f"INSERT INTO {bar} VALUES (?)", [(1,)])\nreturn "x"',
    ),
    'sql-injection',
    true,
  ],
  [
    'cmd popen',
    py('import os\nbar = request.args.get("f","")\nreturn str(len(os.popen(f"echo {bar}").read()))'),
    'command-injection',
    true,
  ],
  [
    'cmd list',
    py('import subprocess\nbar = request.args.get("f","")\nsubprocess.run(["echo", bar])\nreturn "x"'),
    'command-injection',
    false,
  ],
  [
    'cmd env',
    py(
      'import subprocess\nbar = request.args.get("f","")\nsubprocess.run("echo $V", shell=True, env={"V": bar})\nreturn "x"',
    ),
    'command-injection',
    false,
  ],
  [
    'cmd split',
    py(
      'import subprocess, shlex\nbar = request.args.get("f","")\nsubprocess.run(shlex.split("echo " + bar))\nreturn "x"',
    ),
    'command-injection',
    false,
  ],
  ['eval', py('bar = request.args.get("f","")\nreturn str(eval(bar))'), 'code-injection', true],
  [
    'yaml safe',
    py('import yaml\nbar = request.args.get("f","")\nreturn str(yaml.load(bar, Loader=yaml.SafeLoader))[:0]'),
    'insecure-deserialization',
    false,
  ],
  [
    'yaml full',
    py('import yaml\nbar = request.args.get("f","")\nreturn str(yaml.load(bar, Loader=yaml.UnsafeLoader))[:0]'),
    'insecure-deserialization',
    true,
  ],
  [
    'jsonpickle',
    py('import jsonpickle\nbar = request.args.get("f","")\nreturn str(jsonpickle.decode(bar))[:0]'),
    'insecure-deserialization',
    true,
  ],
  [
    'pickle',
    py(
      'import pickle, base64\nbar = request.cookies.get("f","")\nobj = pickle.loads(base64.b64decode(bar))\nreturn "x"',
    ),
    'insecure-deserialization',
    true,
  ],
  [
    'dill',
    py('import dill, base64\nbar = request.cookies.get("f","")\nobj = dill.loads(base64.b64decode(bar))\nreturn "x"'),
    'insecure-deserialization',
    true,
  ],
  [
    'xxe lxml default',
    py(
      'import lxml.etree\nbar = request.args.get("f","")\nparser = lxml.etree.XMLParser(resolve_entities=True)\nr = lxml.etree.fromstring(bar, parser=parser)\nreturn "x"',
    ),
    'xxe',
    true,
  ],
  [
    'xxe lxml off',
    py(
      'import lxml.etree\nbar = request.args.get("f","")\nparser = lxml.etree.XMLParser(resolve_entities=False)\nr = lxml.etree.fromstring(bar, parser=parser)\nreturn "x"',
    ),
    'xxe',
    false,
  ],
  [
    'xxe sax off',
    py(
      'import xml.sax, xml.dom.minidom\nbar = request.args.get("f","")\nparser = xml.sax.make_parser()\nparser.setFeature(xml.sax.handler.feature_external_ges, False)\ndoc = xml.dom.minidom.parseString(bar, parser)\nreturn "x"',
    ),
    'xxe',
    false,
  ],
  [
    'xxe minidom on',
    py(
      'import xml.sax, xml.dom.minidom\nbar = request.args.get("f","")\nparser = xml.sax.make_parser()\nparser.setFeature(xml.sax.handler.feature_external_ges, True)\ndoc = xml.dom.minidom.parseString(bar, parser)\nreturn "x"',
    ),
    'xxe',
    true,
  ],
  [
    'xss escape',
    py('import markupsafe\nbar = request.args.get("f","")\nreturn "<p>" + markupsafe.escape(bar) + "</p>"'),
    'xss',
    false,
  ],
  [
    'xss html.escape',
    py('import html\nbar = request.args.get("f","")\nresp = ""\nresp += f"<p>{html.escape(bar)}</p>"\nreturn resp'),
    'xss',
    false,
  ],
  [
    'xss template',
    py('bar = request.args.get("f","")\nfrom flask import render_template\nreturn render_template("x.html", name=bar)'),
    'xss',
    false,
  ],
  [
    'ssrf',
    py('import urllib.request\nbar = request.args.get("f","")\nreturn str(len(urllib.request.urlopen(bar).read()))'),
    'ssrf',
    true,
  ],
  [
    'host guard',
    py(
      'import requests\nfrom urllib.parse import urlparse\nbar = request.args.get("f","")\nif urlparse(bar).hostname not in ("a.com","b.com"):\n    abort(400)\nreturn str(len(requests.get(bar).content))',
    ),
    'ssrf',
    false,
  ],
  ['https redirect', js("res.redirect('https://' + req.headers.host + req.url)"), 'open-redirect', false],
  ['https redirect2', js('res.redirect(301, `https://${req.hostname}${req.originalUrl}`)'), 'open-redirect', false],
  ['redirect own', js('res.redirect(req.originalUrl)'), 'open-redirect', false],
  [
    'secret default',
    js("res.send('x')", "const SECRET = process.env.JWT_SECRET || 'my_jwt_secret_key'"),
    'hard-coded-credential',
    true,
  ],
  [
    'json clone',
    js(
      "const o = JSON.parse(JSON.stringify({a: 'x', b: req.query.b})); require('child_process').exec('ls ' + o.a); res.end()",
    ),
    'command-injection',
    false,
  ],
  [
    'json clone b',
    js(
      "const o = JSON.parse(JSON.stringify({a: 'x', b: req.query.b})); require('child_process').exec('ls ' + o.b); res.end()",
    ),
    'command-injection',
    true,
  ],
  [
    'spawn sh',
    js("require('child_process').spawn('sh', ['-c', 'ls ' + req.query.d]); res.end()"),
    'command-injection',
    true,
  ],
  [
    'api key default',
    js("res.send('x')", "const API_KEY = process.env.API_KEY ?? 'abc123'"),
    'hard-coded-credential',
    true,
  ],
  [
    'nest query',
    {
      'src/cats.controller.ts':
        "import { Controller, Get, Post, Query, Body, Param } from '@nestjs/common'\nimport { exec } from 'node:child_process'\n@Controller('cats')\nexport class CatsController {\n  @Get()\n  find(@Query('name') name: string) {\n    exec('ls ' + name)\n    return 'x'\n  }\n}\n",
    },
    'command-injection',
    true,
  ],
  [
    'nest body',
    {
      'src/cats.controller.ts':
        "import { Controller, Get, Post, Query, Body, Param } from '@nestjs/common'\nimport { exec } from 'node:child_process'\n@Controller('cats')\nexport class CatsController {\n  constructor(private readonly service: CatsService) {}\n  @Post()\n  async create(@Body() dto: CreateCat) {\n    exec(`ls ${dto.name}`)\n    return 'x'\n  }\n}\n",
    },
    'command-injection',
    true,
  ],
  [
    'nest number',
    {
      'src/cats.controller.ts':
        "import { Controller, Get, Param, ParseIntPipe } from '@nestjs/common'\nimport { exec } from 'node:child_process'\n@Controller('cats')\nexport class CatsController {\n  @Get(':id')\n  find(@Param('id', ParseIntPipe) id: number) {\n    exec('ls ' + id)\n    return 'x'\n  }\n}\n",
    },
    'command-injection',
    false,
  ],
  [
    'a field of what is formatted',
    py('bar = request.args.get("f", "")\nd = {"bar": bar, "o": "x"}\nreturn "bar is {0[bar]}".format(d)'),
    'xss',
    true,
  ],
  [
    'another field of what is formatted',
    py('bar = request.args.get("f", "")\nd = {"bar": bar, "o": "x"}\nreturn "bar is {0[o]}".format(d)'),
    'xss',
    false,
  ],
  [
    'a named value of what is formatted',
    py('bar = request.args.get("f", "")\nd = {"o": "x", "bar": bar}\nreturn "bar is %(bar)s" % d'),
    'xss',
    true,
  ],
  [
    'another named value of what is formatted',
    py('bar = request.args.get("f", "")\nd = {"bar": bar, "o": "x"}\nreturn "bar is %(o)s" % d'),
    'xss',
    false,
  ],
]

test.each(forms)('%s', async (_name, files, defect, harmful) => {
  const { findings } = await analyzeFiles(dataflow, files)
  const seen = findings.some(
    ({ rule, confidence }) => (dataflow.rule(rule)?.defect ?? rule) === defect && confidence !== 'low',
  )
  expect(seen, JSON.stringify(findings.map(({ rule, confidence }) => `${rule} ${confidence}`))).toBe(harmful)
})
