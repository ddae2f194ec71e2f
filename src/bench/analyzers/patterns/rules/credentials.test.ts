import { credentialRules } from './credentials.ts'
import { testRules } from './testing.ts'

testRules('credentials', credentialRules, {
  'hard-coded-credential': {
    vulnerable: [
      ['app.js', "const ADMIN_KEY = 'adm-71f0c2d94be8'"],
      ['app.py', 'DB_PASSWORD = "hunter2!x"'],
      ['app.py', 'client = Client(api_key="k3y-9f8a7b6c5d4e")'],
      ['app.py', 'if password == "admin123":\n    login()'],
      ['app.js', "const config = { user: 'root', password: 'root1234' }"],
      ['app.ts', "const apiKey: string = 'A1b2C3d4E5f6G7h8'"],
      ['seed.js', "users.push({ username: 'admin', password: 'admin123' })"],
      ['app.js', "if (req.body.password === 'letmein1') { ok() }"],
      ['app.js', "if (req.body.password !== 'letmein1') { return res.status(401).end() }"],
    ],
    safe: [
      ['app.py', 'INTERNAL_RESET_SESSION_TOKEN = "_password_reset_token"'],
      ['app.js', "if (config.password === 'pass') { console.error('change the default password') }"],
      ['app.js', "const secret = given && legacySecret !== 'better-auth-secret-1234567890' ? legacySecret : undefined"],
      ['app.py', 'DB_PASSWORD = os.environ["DB_PASSWORD"]'],
      ['app.py', 'PASSWORD_FIELD = "password"'],
      ['app.js', "const [form, setForm] = useState({ username: '', password: '' })"],
      ['app.js', "errors.password = 'Password-required'"],
      ['app.js', "const messages = { password: 'Too-short!1' }"],
      ['app.js', "const TOKEN_KEY = 'auth_token'"],
      ['app.py', 'oauth2 = OAuth2PasswordBearer(tokenUrl="token")'],
      ['app.js', "const apiKey = 'your-api-key-here'"],
      ['app.js', "const password = 'Must be at least 8 characters'"],
      ['app.py', 'if token == "refresh":\n    pass'],
      ['app.js', "if (field === 'password') validate()"],
      ['app.js', "localStorage.setItem('token', value)"],
    ],
  },
  'hard-coded-signing-key': {
    vulnerable: [
      ['app.py', 'app.secret_key = "dev"'],
      ['app.py', 'app.config["SECRET_KEY"] = "your-secret-key-here"'],
      ['app.js', "const jwt = require('jsonwebtoken')\nconst token = jwt.sign({ id }, 'secret')"],
      ['app.js', "const JWT_SECRET = 'super-secret-key'"],
      ['app.js', "app.use(session({ secret: 'keyboard cat'.trim(), resave: false }))\nconst SECRET = 'keyboard-cat'"],
      ['app.js', "app.use(session({ secret: 'cat', resave: false }))"],
      ['app.py', 'token = jwt.encode(payload, "secret", algorithm="HS256")'],
    ],
    safe: [
      ['app.py', 'app.secret_key = os.urandom(32)'],
      ['app.py', 'app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]'],
      ['app.js', "import jwt from 'jsonwebtoken'\nconst token = jwt.sign({ id }, process.env.JWT_SECRET)"],
      ['app.js', "const names = { secret: 'Secret', label: 'x' }"],
      ['app.js', "sign('a', 'b')"],
      ['app.js', "const JWT_SECRET = ''"],
    ],
  },
  'fallback-signing-key': {
    vulnerable: [
      ['app.py', 'app.secret_key = os.getenv("SECRET_KEY") or "polls-key"'],
      ['app.py', 'SECRET_KEY = os.environ.get("SECRET_KEY", "dev-secret")'],
      ['app.py', 'app.config["JWT_SECRET_KEY"] = os.getenv("JWT_SECRET_KEY", "change-me")'],
      ['app.js', "const secret = process.env.JWT_SECRET || 'secret'"],
      ['app.ts', "const key = process.env['API_KEY'] ?? 'abc123'"],
      ['app.py', 'from os import getenv\nPASSWORD = getenv("DB_PASSWORD", "postgres")'],
    ],
    safe: [
      ['app.py', 'page = os.getenv("PAGE") or "home"'],
      ['app.py', 'SECRET_KEY = os.environ["SECRET_KEY"]'],
      ['app.py', 'SECRET_KEY = os.environ.get("SECRET_KEY")'],
      ['app.js', "const port = process.env.PORT || '3000'"],
      ['app.js', "const expiry = process.env.TOKEN_EXPIRY || '1h'"],
      ['app.js', "const secret = process.env.JWT_SECRET || ''"],
      ['app.py', 'ALGORITHM = os.getenv("TOKEN_ALGORITHM", "HS256")'],
    ],
  },
})
