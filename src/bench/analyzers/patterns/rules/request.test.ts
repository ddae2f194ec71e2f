// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cases are source code
import { requestRules } from './request.ts'
import { testRules } from './testing.ts'

testRules('request', requestRules, {
  'open-redirect': {
    vulnerable: [
      ['app.py', 'def f():\n    return redirect(request.form.get("next") or url_for("home"))'],
      ['app.py', 'from flask import redirect, request\ndef f():\n    return redirect(request.args.get("next"))'],
      ['app.py', 'def f():\n    target = request.args.get("next") or "/"\n    return redirect(target)'],
      ['app.js', 'app.get("/go", (req, res) => { res.redirect(req.query.url) })'],
      ['app.js', 'app.get("/go", (req, res) => { const { next } = req.query\n res.redirect(302, next) })'],
    ],
    safe: [
      [
        'app.py',
        'def f(request):\n    target = request.POST.get("next")\n    if (\n        target\n        and not url_has_allowed_host_and_scheme(\n            url=target,\n        )\n    ):\n        target = "/"\n    return HttpResponseRedirect(target)',
      ],
      ['app.py', 'def f():\n    return redirect(url_for("home"))'],
      [
        'app.py',
        'def f():\n    target = request.args.get("next")\n    if not is_safe_url(target):\n        target = "/"\n    return redirect(target)',
      ],
      ['app.py', 'def f():\n    return redirect("/items/" + request.form["id"])'],
      ['app.js', 'app.get("/go", (req, res) => { res.redirect("/login") })'],
      ['app.js', 'app.get("/go", (req, res) => { res.redirect(`/items/${req.params.id}`) })'],
      [
        'app.js',
        'app.get("/go", (req, res) => { const next = req.query.next\n if (!allowed.includes(next)) return res.sendStatus(400)\n res.redirect(next) })',
      ],
    ],
  },
  'path-from-request': {
    vulnerable: [
      [
        'app.js',
        "app.get('/f', (req, res) => { const file = path.join('invoices', req.query.file)\n if (!fs.existsSync(file)) return res.sendStatus(404)\n res.sendFile(file) })",
      ],
      ['app.py', 'from flask import send_file\ndef f():\n    return send_file(request.args["file"])'],
      [
        'app.py',
        'import os\n@app.route("/files/<name>")\ndef f(name):\n    return open(os.path.join("uploads", name)).read()',
      ],
      ['app.py', 'def f():\n    file = request.files["file"]\n    file.save(os.path.join("uploads", file.filename))'],
      ['app.js', "app.get('/f', (req, res) => res.sendFile(path.join(__dirname, 'files', req.query.name)))"],
      ['app.js', "const fs = require('fs')\napp.get('/f', (req, res) => fs.readFile('./data/' + req.params.name, cb))"],
    ],
    safe: [
      ['app.py', 'def f():\n    return send_file("report.pdf")'],
      [
        'app.py',
        'def f():\n    name = secure_filename(request.args["file"])\n    return send_file(os.path.join("uploads", name))',
      ],
      ['app.py', '@app.route("/files/<int:number>")\ndef f(number):\n    return open(f"files/{number}.txt").read()'],
      [
        'app.py',
        'def f():\n    file = request.files["file"]\n    file.save(os.path.join("uploads", secure_filename(file.filename)))',
      ],
      ['app.js', "app.get('/f', (req, res) => res.sendFile(req.params.name, { root: 'public' }))"],
      ['app.js', "app.get('/f', (req, res) => res.sendFile(path.join(dir, path.basename(req.query.name))))"],
      [
        'app.js',
        "app.get('/f', (req, res) => { const full = path.resolve(dir, req.params.name)\n if (!full.startsWith(dir)) return res.sendStatus(403)\n res.sendFile(full) })",
      ],
    ],
  },
  'address-from-request': {
    vulnerable: [
      [
        'app.js',
        "const request = require('request')\nconst express = require('express')\napp.post('/o', (req, res) => { const { items, callbackUrl } = req.body\n if (callbackUrl) { request(callbackUrl, done) } })",
      ],
      ['app.py', 'import requests\ndef f():\n    return requests.get(request.args["url"]).text'],
      ['app.py', 'import httpx\n@app.get("/proxy")\nasync def proxy(url: str):\n    return httpx.get(url).text'],
      [
        'app.js',
        "const axios = require('axios')\nconst express = require('express')\napp.get('/p', async (req, res) => { const r = await axios.get(req.query.url) })",
      ],
      [
        'app.js',
        "import express from 'express'\napp.post('/p', async (req, res) => { const { url } = req.body\n const r = await fetch(url) })",
      ],
    ],
    safe: [
      [
        'app.py',
        'import requests\ndef f():\n    return requests.get("https://api.test/users/" + request.args["id"]).text',
      ],
      [
        'app.py',
        'import requests\ndef f():\n    url = request.args["url"]\n    if urlparse(url).hostname not in ALLOWED:\n        abort(400)\n    return requests.get(url).text',
      ],
      ['app.jsx', 'const r = await fetch(`/api/items/${id}`)'],
      [
        'app.js',
        "import express from 'express'\napp.get('/p', async (req, res) => { const r = await fetch(`https://api.test/${req.params.id}`) })",
      ],
    ],
  },
  'html-from-request': {
    vulnerable: [
      ['app.py', 'def f():\n    return f"<h1>Hello {request.args.get(\'name\')}</h1>"'],
      ['app.py', '@app.route("/hi/<name>")\ndef f(name):\n    return "<p>" + name + "</p>"'],
      ['app.js', 'app.get("/", (req, res) => { res.send(`<h1>${req.query.name}</h1>`) })'],
      ['app.js', 'app.get("/", (req, res) => { const name = req.query.name\n res.send("<p>" + name + "</p>") })'],
    ],
    safe: [
      ['app.py', 'def f():\n    return f"<h1>Hello {escape(request.args.get(\'name\'))}</h1>"'],
      ['app.py', 'def f():\n    return render_template("hello.html", name=request.args["name"])'],
      ['app.js', 'app.get("/", (req, res) => { res.send(`<h1>${escapeHtml(req.query.name)}</h1>`) })'],
      ['app.js', 'app.get("/", (req, res) => { res.send({ name: req.query.name }) })'],
      ['app.js', 'app.get("/", (req, res) => { res.send(`Hello ${req.query.name}`) })'],
    ],
  },
})
