// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cases are source code
import { executionRules } from './execution.ts'
import { testRules } from './testing.ts'

testRules('execution', executionRules, {
  'command-through-shell': {
    vulnerable: [
      ['app.py', 'import subprocess\ndef f(host):\n    subprocess.run(f"ping {host}", shell=True)'],
      ['app.py', 'import os\ndef f(host):\n    os.system("ping " + host)'],
      ['app.py', 'from subprocess import check_output\ndef f(cmd):\n    return check_output(cmd, shell=True)'],
      ['app.js', "const { exec } = require('child_process')\nexec(`ls ${dir}`)"],
      ['app.js', "import cp from 'node:child_process'\ncp.execSync('ls ' + req.query.dir)"],
      [
        'app.js',
        "import { exec } from 'child_process'\nimport { promisify } from 'util'\nconst run = promisify(exec)\nawait run(`ls ${dir}`)",
      ],
      ['app.js', "import { spawn } from 'child_process'\nspawn(command, { shell: true })"],
    ],
    safe: [
      ['app.py', 'import subprocess\nsubprocess.run("ls -la", shell=True)'],
      ['app.py', 'import subprocess\nsubprocess.run(["ping", host])'],
      ['app.py', 'import os\nCOMMAND = "clear"\nos.system(COMMAND)'],
      ['app.py', 'import subprocess, shlex\nsubprocess.run(f"ping {shlex.quote(host)}", shell=True)'],
      ['app.js', 'const match = pattern.exec(text)'],
      ['app.js', "import { exec } from 'child_process'\nexec('git status', callback)"],
      ['app.js', "import { execFile } from 'child_process'\nexecFile('ls', [dir])"],
    ],
  },
  'code-evaluation': {
    vulnerable: [
      ['app.js', 'window.addEventListener("message", (event) => { setTimeout(event.data, 100) })'],
      ['app.py', 'def calc(expression):\n    return eval(expression)', 'medium'],
      ['app.py', '@app.route("/calc")\ndef calc():\n    return str(eval(request.args["e"]))', 'critical'],
      ['app.py', 'exec(request.json["code"])'],
      [
        'app.py',
        'def f():\n    tree = etree.fromstring(request.data, parser)\n    for node in tree.findall("poll"):\n        exec(node.get("hook", "pass"))',
        'critical',
      ],
      ['app.js', 'const result = eval(req.body.expression)'],
      ['app.js', "const f = new Function('x', body)"],
      ['app.js', "import vm from 'vm'\nvm.runInNewContext(code)"],
      ['app.js', 'setTimeout(`alert(${name})`, 10)'],
    ],
    safe: [
      ['app.py', 'import ast\nast.literal_eval(text)'],
      ['app.py', 'model.eval()'],
      ['app.py', 'eval("1 + 1")'],
      ['app.js', "const f = new Function('return 1')"],
      ['app.js', 'setTimeout(() => alert(name), 10)'],
      ['app.js', 'const m = /a/.exec(text)'],
    ],
  },
  'unsafe-deserialisation': {
    vulnerable: [
      ['app.py', 'import pickle\nobj = pickle.loads(request.data)'],
      ['app.py', 'import pickle\ndef f():\n    raw = request.get_data()\n    return pickle.loads(raw)', 'critical'],
      ['app.py', 'import yaml\nconf = yaml.load(text)', 'medium'],
      ['app.py', 'import yaml\nconf = yaml.load(text, Loader=yaml.Loader)'],
      ['app.js', "const serialize = require('node-serialize')\nserialize.unserialize(req.cookies.profile)"],
      ['app.py', 'from pickle import load\nload(upload)'],
    ],
    safe: [
      ['app.py', 'import yaml\nconf = yaml.safe_load(text)'],
      ['app.py', 'from ruamel.yaml import YAML\ndef f(text):\n    yaml = YAML(typ="safe")\n    return yaml.load(text)'],
      ['app.py', 'import yaml\nconf = yaml.load(text, Loader=yaml.SafeLoader)'],
      ['app.py', 'import pickle\nwith open("model.pkl", "rb") as f:\n    model = pickle.load(f)'],
      ['app.py', 'import json\nobj = json.loads(request.data)'],
      ['app.py', 'import pickle\nmodel = pickle.load(open("model.pkl", "rb"))'],
    ],
  },
  'template-from-text': {
    vulnerable: [
      [
        'app.py',
        'from flask import render_template_string\ndef f():\n    return render_template_string("<h1>" + request.args["n"] + "</h1>")',
      ],
      [
        'app.py',
        'from flask import render_template_string\ndef f(name):\n    return render_template_string(f"<h1>{name}</h1>")',
      ],
      ['app.py', 'from jinja2 import Template\nTemplate(request.form["t"]).render()'],
      ['app.js', "import ejs from 'ejs'\nres.send(ejs.render(req.body.template))"],
    ],
    safe: [
      [
        'app.py',
        'from flask import render_template_string\ndef f(name):\n    return render_template_string("<h1>{{ name }}</h1>", name=name)',
      ],
      [
        'app.py',
        'from flask import render_template_string\nPAGE = """<p>{{ x }}</p>"""\ndef f(x):\n    return render_template_string(PAGE, x=x)',
      ],
      ['app.py', 'from jinja2 import Template\ntemplate = Template(text)'],
      ['app.py', 'def f(path):\n    with path.open() as fh:\n        return Engine().from_string(fh.read())'],
      ['app.js', "import ejs from 'ejs'\nejs.render(page, { name: req.body.name })"],
    ],
  },
  'autoescape-off': {
    vulnerable: [
      ['app.py', 'app.jinja_env.autoescape = False'],
      ['app.py', 'from jinja2 import Environment\nenv = Environment(loader=loader, autoescape=False)'],
      ['app.py', 'import jinja2\nenv = jinja2.Environment(autoescape=False)'],
      ['app.js', "const nunjucks = require('nunjucks')\nnunjucks.configure('views', { autoescape: false })"],
    ],
    safe: [
      [
        'app.py',
        'from jinja2 import Environment, select_autoescape\nenv = Environment(autoescape=select_autoescape())',
      ],
      ['app.py', 'from jinja2 import Environment\nenv = Environment(autoescape=True)'],
      ['app.js', "const nunjucks = require('nunjucks')\nnunjucks.configure('views', { autoescape: true })"],
    ],
  },
})
