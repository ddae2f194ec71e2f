import { exposureRules } from './exposure.ts'
import { testRules } from './testing.ts'

testRules('exposure', exposureRules, {
  'reload-enabled': {
    vulnerable: [
      ['main.py', 'import uvicorn\nuvicorn.run("main:app", port=8000, reload=True)'],
      ['main.py', 'import uvicorn as server\nserver.run(app, reload=True)'],
      ['main.py', 'import uvicorn\nRELOAD = True\nuvicorn.run(app, reload=RELOAD)'],
    ],
    safe: [
      ['main.py', 'import uvicorn\nuvicorn.run(app, reload=False)'],
      ['main.py', 'import uvicorn\nuvicorn.run(app, reload=settings.debug)'],
      ['main.py', 'worker.run(app, reload=True)'],
    ],
  },
  'bind-all-interfaces': {
    vulnerable: [
      ['app.py', 'app.run(host="0.0.0.0", port=5000)'],
      ['main.py', 'import uvicorn\nHOST = "0.0.0.0"\nuvicorn.run(app, host=HOST)'],
      ['server.js', "app.listen(3000, '0.0.0.0', () => console.log('up'))"],
    ],
    safe: [
      ['app.py', 'app.run(host="127.0.0.1")'],
      ['app.py', 'app.run(host=os.environ.get("HOST", "127.0.0.1"))'],
      ['server.js', "app.listen(3000, () => console.log('up'))"],
      ['server.js', "app.listen(3000, '127.0.0.1')"],
    ],
  },
  'project-root-served': {
    vulnerable: [
      ['server.js', "const express = require('express')\napp.use(express.static(__dirname))"],
      ['server.js', "import express from 'express'\napp.use('/', express.static('.'))"],
      ['server.js', "import express from 'express'\napp.use(express.static(path.join(__dirname, './')))"],
      ['app.py', 'from flask import Flask\napp = Flask(__name__, static_folder=".", static_url_path="")'],
    ],
    safe: [
      ['server.js', "import express from 'express'\napp.use(express.static(path.join(__dirname, 'public')))"],
      ['server.js', "import express from 'express'\napp.use(express.static('public'))"],
      ['app.py', 'from flask import Flask\napp = Flask(__name__, static_folder="../frontend/dist")'],
      ['server.js', 'const here = path.join(__dirname)'],
    ],
  },
  'world-writable-file': {
    vulnerable: [
      ['a.js', "import fs from 'fs'\nfs.chmodSync(path, 0o777)"],
      ['a.py', 'import os\nos.chmod(path, 0o777)'],
      ['a.js', "import { chmod } from 'fs/promises'\nawait chmod(dir, '0777')"],
    ],
    safe: [
      ['a.py', 'import os\nos.chmod(path, 0o755)'],
      ['a.js', "import fs from 'fs'\nfs.chmodSync(path, 0o644)"],
      ['a.py', 'import os\nos.makedirs(path, 0o777)'],
    ],
  },
})
