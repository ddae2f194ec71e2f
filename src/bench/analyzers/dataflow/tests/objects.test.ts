import { testMarked } from './marked-lines.ts'

testMarked('mass-assignment', {
  'Python records made of all that was sent': {
    'app.py': `from flask import Flask, request
from flask_login import current_user
from flask_sqlalchemy import SQLAlchemy
from schemas import UserSchema
app = Flask(__name__)
db = SQLAlchemy(app)
ALLOWED = {'name', 'email'}
class User(db.Model):
    role = db.Column(db.String)
class Point:
    pass
@app.post('/a')
def a():
    User(**request.get_json())  # BAD
    User(**request.form)  # BAD
    Point(**request.get_json())
    data = request.get_json()
    User(name=data['name'])
    User(**UserSchema().load(data))
    User(**{key: data[key] for key in ('name', 'email')})
    User(**{key: value for key, value in data.items() if key in ALLOWED})
    current_user.__dict__.update(data)  # BAD
    settings = {}
    settings.update(data)
    return ''
@app.post('/b')
def b():
    for key, value in request.form.items():
        setattr(current_user, key, value)  # BAD
    for key, value in request.form.items():
        if key in ALLOWED:
            setattr(current_user, key, value)
    return ''
@app.post('/c')
def c():
    data = request.get_json()
    if set(data) - ALLOWED:
        return 'no', 400
    for key, value in data.items():
        setattr(current_user, key, value)
    return ''
`,
  },
  'JavaScript records made of all that was sent': {
    'server.js': `const express = require('express')
const { z } = require('zod')
const User = require('./models/user')
const { prisma } = require('./database')
const app = express()
const schema = z.object({ name: z.string() })
app.post('/a', async (req, res) => {
  await User.create(req.body) // BAD
  await User.create({ name: req.body.name })
  await User.create(schema.parse(req.body))
  await User.updateOne({ _id: 1 }, { $set: req.body }) // BAD
  await prisma.user.update({ where: { id: 1 }, data: req.body }) // BAD
  await prisma.user.update({ where: { id: 1 }, data: { ...req.body, role: 'user' } }) // BAD
  await prisma.user.update({ where: { id: 1 }, data: { name: req.body.name } })
  new User(req.body) // BAD
  const user = await User.findById(1)
  Object.assign(user, req.body) // BAD
  const copy = Object.assign({}, req.body)
  res.json(copy)
})
`,
  },
})

testMarked('prototype-pollution', {
  'keys of the sender that lead to prototypes': {
    'server.js': `const express = require('express')
const _ = require('lodash')
const app = express()
const stored = {}
const counts = {}
function merge(target, source) {
  for (const key in source) {
    if (typeof source[key] === 'object') merge(target[key], source[key])
    else target[key] = source[key] // BAD
  }
  return target
}
function guarded(target, source) {
  for (const key in source) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') continue
    if (typeof source[key] === 'object') guarded(target[key], source[key])
    else target[key] = source[key]
  }
}
function copy(target, source) {
  for (const key in source) target[key] = source[key]
}
app.post('/a', (req, res) => {
  merge({}, req.body)
  guarded({}, req.body)
  copy({}, req.body)
  const { section, key, value } = req.body
  counts[section] = 1
  stored[section][key] = value // BAD
  _.set(stored, req.body.path, value) // BAD
  if (Object.hasOwn(stored, section)) stored[section][key] = value
  const map = new Map()
  map.set(section, value)
  res.end()
})
`,
  },
})

testMarked('trust-boundary', {
  'what is kept in the session': {
    'app.py': `from flask import Flask, request, session
from models import User
app = Flask(__name__)
@app.post('/a')
def a():
    session['role'] = request.form['role']  # BAD
    session[request.form['key']] = 'x'  # BAD
    session['theme'] = request.form['theme']
    session['level'] = int(request.form['level'])
    plan = request.form['plan']
    if plan not in ('free', 'paid'):
        plan = 'free'
    session['plan'] = plan
    return ''
@app.post('/login')
def login():
    email = request.form['email']
    user = User.query.filter_by(email=email).first()
    if user is None or not user.check_password(request.form['password']):
        return 'no', 401
    session['email'] = email
    session['user'] = user.id
    return ''
`,
  },
})

testMarked('header-injection', {
  'headers of servers that write them as they come': {
    'server.py': `from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote, quote
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(302)
        self.send_header('Location', self.path)
        self.send_header('X-Page', unquote(self.path))  # BAD
        self.send_header('X-Page', quote(unquote(self.path)))
`,
    'wsgi.py': `from urllib.parse import parse_qs
def application(environ, start_response):
    name = parse_qs(environ['QUERY_STRING'])['name'][0]
    start_response('200 OK', [('X-Name', name)])  # BAD
    start_response('200 OK', [('X-Name', 'fixed')])
    return []
`,
  },
})

testMarked('unrestricted-upload', {
  'Python uploads': {
    'app.py': `import os, uuid
from pathlib import Path
from flask import Flask, request
from werkzeug.utils import secure_filename
app = Flask(__name__)
ALLOWED = {'png', 'jpg'}
def allowed_file(name):
    return '.' in name and name.rsplit('.', 1)[1].lower() in ALLOWED
@app.post('/a')
def a():
    file = request.files['file']
    file.save(os.path.join('static', secure_filename(file.filename)))  # BAD
    file.save('static/' + uuid.uuid4().hex + os.path.splitext(file.filename)[1])  # BAD
    file.save('static/' + uuid.uuid4().hex)
    file.save(f'static/{secure_filename(file.filename)}.png')
    return ''
@app.post('/b')
def b():
    file = request.files['file']
    if file and allowed_file(file.filename):
        file.save(os.path.join('static', secure_filename(file.filename)))
    return ''
@app.post('/c')
def c():
    file = request.files.get('file')
    ext = Path(file.filename).suffix
    if ext not in ('.png', '.jpg'):
        return 'no', 400
    file.save('static/' + uuid.uuid4().hex + ext)
    if not file.filename.endswith(('.png', '.jpg')):
        return 'no', 400
    file.save('static/' + file.filename)
    return ''
`,
  },
  'multer, express-fileupload and busboy': {
    'server.js': `const express = require('express')
const path = require('path')
const fs = require('fs')
const multer = require('multer')
const busboy = require('busboy')
const app = express()
const storage = multer.diskStorage({
  destination: 'public',
  filename: (req, file, cb) => cb(null, Date.now() + '-' + file.originalname), // BAD
})
const own = multer.diskStorage({ filename: (req, file, cb) => cb(null, Date.now() + '.png') })
app.post('/a', multer({ dest: 'uploads' }).single('f'), (req, res) => {
  fs.renameSync(req.file.path, 'public/' + req.file.filename)
  fs.renameSync(req.file.path, 'public/' + req.file.originalname) // BAD
  res.end()
})
app.post('/b', (req, res) => {
  const file = req.files.picture
  if (['.png', '.jpg'].includes(path.extname(file.name).toLowerCase())) file.mv('public/' + file.name)
  res.end()
})
app.post('/c', (req, res) => {
  const parser = busboy({ headers: req.headers })
  parser.on('file', (field, stream, info) => {
    stream.pipe(fs.createWriteStream('public/' + info.filename)) // BAD
  })
})
`,
  },
})
