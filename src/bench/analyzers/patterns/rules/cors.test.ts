import { corsRules } from './cors.ts'
import { testRules } from './testing.ts'

testRules('cors', corsRules, {
  'cors-any-origin-with-credentials': {
    vulnerable: [
      ['app.py', 'from flask_cors import CORS\nCORS(app, supports_credentials=True)'],
      ['app.py', 'from flask_cors import CORS\nCORS(app, origins="*", supports_credentials=True)'],
      [
        'app.py',
        'app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True, allow_methods=["*"])',
      ],
      ['app.js', "const cors = require('cors')\napp.use(cors({ origin: true, credentials: true }))"],
      [
        'app.js',
        "import cors from 'cors'\napp.use(cors({ origin: (origin, callback) => callback(null, true), credentials: true }))",
      ],
      [
        'app.js',
        "app.use((req, res, next) => { res.header('Access-Control-Allow-Origin', req.headers.origin); res.header('Access-Control-Allow-Credentials', 'true'); next() })",
      ],
      ['settings.py', 'CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = True'],
    ],
    safe: [
      ['app.py', 'from flask_cors import CORS\nCORS(app, origins=["https://shop.test"], supports_credentials=True)'],
      ['app.py', 'app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True)'],
      ['app.js', "import cors from 'cors'\napp.use(cors({ origin: process.env.ORIGIN, credentials: true }))"],
      ['app.js', "import cors from 'cors'\napp.use(cors())"],
      [
        'app.js',
        "import cors from 'cors'\napp.use(cors({ origin: (origin, cb) => { if (allowed.includes(origin)) cb(null, true); else cb(new Error('no')) }, credentials: true }))",
      ],
    ],
  },
  'cors-any-origin': {
    vulnerable: [
      ['app.py', 'from flask_cors import CORS\napp = Flask(__name__)\nCORS(app)'],
      ['app.py', 'from flask_cors import CORS\nCORS(app, resources={r"/api/*": {"origins": "*"}})'],
      ['app.py', 'origins = ["*"]\napp.add_middleware(CORSMiddleware, allow_origins=origins)'],
      ['app.js', "const cors = require('cors')\napp.use(cors())"],
      ['app.js', "import cors from 'cors'\napp.use(cors({ origin: '*' }))"],
      ['app.js', "res.setHeader('Access-Control-Allow-Origin', '*')"],
      ['app.py', 'response.headers["Access-Control-Allow-Origin"] = "*"'],
      ['app.js', "import { Server } from 'socket.io'\nconst io = new Server(http, { cors: { origin: '*' } })"],
      ['app.ts', "import cors from '@fastify/cors'\nawait app.register(cors, { origin: true })"],
      ['app.py', 'from flask_socketio import SocketIO\nsocketio = SocketIO(app, cors_allowed_origins="*")'],
    ],
    safe: [
      [
        'app.py',
        'from flask_cors import CORS\nCORS(app, resources={r"/api/*": {"origins": ["http://localhost:5173"]}})',
      ],
      ['app.py', 'from flask_cors import CORS\nCORS(app, origins=os.environ["ORIGINS"].split(","))'],
      ['app.js', "import cors from 'cors'\napp.use(cors({ origin: ['https://shop.test'] }))"],
      ['app.js', "res.setHeader('Access-Control-Allow-Origin', 'https://shop.test')"],
      ['app.js', "import cors from 'cors'\napp.use(cors(options))"],
      ['app.js', 'cors()'],
    ],
  },
})
