import { jwtRules } from './jwt.ts'
import { testRules } from './testing.ts'

testRules('jwt', jwtRules, {
  'jwt-unverified': {
    vulnerable: [
      ['app.py', 'import jwt\nclaims = jwt.decode(token, options={"verify_signature": False})'],
      ['app.py', 'import jwt\nclaims = jwt.decode(token, key, verify=False)'],
      ['app.py', 'import jwt\nclaims = jwt.decode(token, key, algorithms=["HS256", "none"])'],
      ['app.js', "const jwt = require('jsonwebtoken')\nfunction user(token) { return jwt.decode(token) }"],
      ['app.js', "import jwt from 'jsonwebtoken'\njwt.verify(token, key, { algorithms: ['none'] })"],
      ['app.js', "import { decode } from 'jsonwebtoken'\nconst claims = decode(token)", 'high'],
      ['app.js', "import { decodeJwt } from 'jose'\nconst profile = decodeJwt(tokens.idToken)", 'low'],
    ],
    safe: [
      [
        'app.py',
        'import jwt\nunverified_claims = jwt.decode(t, options={"verify_signature": False})\nkey = keys[unverified_claims["kid"]]',
      ],
      ['app.py', 'import jwt\nclaims = jwt.decode(token, key, algorithms=["HS256"])'],
      ['app.js', "import jwt from 'jsonwebtoken'\nconst claims = jwt.verify(token, process.env.JWT_SECRET)"],
      [
        'app.js',
        "import jwt from 'jsonwebtoken'\nfunction f(token) { jwt.verify(token, key); return jwt.decode(token) }",
      ],
      ['app.jsx', "import jwtDecode from 'jwt-decode'\nconst claims = jwtDecode(token)"],
      ['app.js', 'const claims = jwt.decode(token)'],
    ],
  },
  'jwt-unsigned': {
    vulnerable: [
      ['app.py', 'import jwt\nt = jwt.encode(payload, None, algorithm="none")'],
      ['app.js', "import jwt from 'jsonwebtoken'\njwt.sign(payload, '', { algorithm: 'none' })"],
      [
        'app.js',
        "import { sign } from 'jsonwebtoken'\nconst options = { algorithm: 'none' }\nsign(payload, key, options)",
      ],
    ],
    safe: [
      ['app.py', 'import jwt\nt = jwt.encode(payload, key, algorithm="HS256")'],
      ['app.py', 'import jwt\nt = jwt.encode(payload, key, algorithm=ALGORITHM)'],
      ['app.js', "import jwt from 'jsonwebtoken'\njwt.sign(payload, key, { algorithm: 'RS256' })"],
    ],
  },
})
