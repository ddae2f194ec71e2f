import { exposureRules } from './exposure.ts'
import { testRules } from './testing.ts'

testRules('exposure', exposureRules, {
  'debug-enabled': {
    vulnerable: [
      [
        'app.py',
        'from flask import Flask\napp = Flask(__name__)\nif __name__ == "__main__":\n    app.run(host="0.0.0.0", debug=True)',
      ],
      ['app.py', 'from fastapi import FastAPI\napp = FastAPI(title="x", debug=True)'],
      ['app.py', 'app.config["DEBUG"] = True'],
      ['app.py', 'DEBUG = True\nsocketio.run(app, debug=DEBUG)'],
      ['mysite/settings.py', 'DEBUG = True\nALLOWED_HOSTS = []'],
      ['mysite/settings.py', 'DEBUG = os.environ.get("DEBUG", "True") == "True"'],
      ['app.py', 'create_app().run(debug=True)'],
    ],
    safe: [
      ['app.py', 'app.run(debug=os.environ.get("DEBUG") == "1")'],
      ['app.py', 'debug = os.getenv("FLASK_DEBUG", "0") == "1"\napp.run(debug=debug)'],
      ['app.py', 'app.run(debug=False)'],
      ['tool.py', 'runner.run(task, debug=True)'],
      ['mysite/settings/development.py', 'DEBUG = True'],
      ['config.py', 'class DevelopmentConfig(Config):\n    DEBUG = True'],
      ['game.py', 'DEBUG = True'],
    ],
  },
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
  'stack-trace-in-response': {
    vulnerable: [
      [
        'app.js',
        'app.use((err, req, res, next) => { res.status(500).json({ error: err.message, stack: err.stack }) })',
      ],
      ['app.js', 'app.use(function (error, req, res, next) { res.send(error.stack) })'],
      ['app.js', "const errorhandler = require('errorhandler')\napp.use(errorhandler())"],
      ['app.py', '@app.errorhandler(500)\ndef failed(e):\n    return jsonify({"trace": traceback.format_exc()}), 500'],
    ],
    safe: [
      [
        'app.js',
        "app.use((err, req, res, next) => { console.error(err.stack); res.status(500).json({ error: 'Something broke' }) })",
      ],
      [
        'app.js',
        "app.use((err, req, res, next) => { res.json({ stack: process.env.NODE_ENV === 'development' ? err.stack : undefined }) })",
      ],
      ['app.js', "if (process.env.NODE_ENV === 'development') { res.json({ stack: err.stack }) }"],
      ['app.py', 'def failed(e):\n    log.error(traceback.format_exc())\n    return jsonify(error="failed"), 500'],
    ],
  },
  'exception-text-in-response': {
    vulnerable: [
      [
        'app.py',
        'def f():\n    try:\n        work()\n    except Exception as e:\n        return jsonify({"error": str(e)}), 500',
      ],
      [
        'app.py',
        'def f():\n    try:\n        work()\n    except Exception as error:\n        return {"error": f"failed: {error}"}, 500',
      ],
      [
        'app.py',
        'def f():\n    try:\n        work()\n    except (ValueError, Exception) as e:\n        db.rollback()\n        return make_response(str(e), 500)',
      ],
    ],
    safe: [
      [
        'app.py',
        'def f():\n    try:\n        work()\n    except ValueError as e:\n        return jsonify({"error": str(e)}), 400',
      ],
      [
        'app.py',
        'def f():\n    try:\n        work()\n    except Exception as e:\n        log.exception(e)\n        return jsonify({"error": "internal error"}), 500',
      ],
      ['app.py', 'def f(e):\n    return jsonify({"id": str(e)})'],
      [
        'app.py',
        'def f():\n    try:\n        work()\n    except Exception as e:\n        return jsonify({"id": str(item.id)}), 500',
      ],
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
})
