// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cases are source code
import { cryptographyRules } from './cryptography.ts'
import { testRules } from './testing.ts'

testRules('cryptography', cryptographyRules, {
  'weak-hash-for-secret': {
    vulnerable: [
      ['app.py', 'import hashlib\nh = hashlib.md5(password.encode()).hexdigest()'],
      ['app.py', 'import hashlib\nh = hashlib.new("md5", password)'],
      ['app.py', 'from hashlib import sha1\ndef make_token(user):\n    return sha1(user.name.encode()).hexdigest()'],
      [
        'app.js',
        "import crypto from 'node:crypto'\nconst hash = crypto.createHash('md5').update(password).digest('hex')",
      ],
      [
        'app.js',
        "const { createHash } = require('crypto')\nconst sessionToken = createHash('sha1').update(String(id)).digest('hex')",
      ],
      ['app.js', "import CryptoJS from 'crypto-js'\nconst h = CryptoJS.MD5(password).toString()"],
    ],
    safe: [
      ['app.py', 'import hashlib\ndef f(algorithm, password):\n    return hashlib.new(algorithm, password)'],
      ['app.py', 'import hashlib\netag = hashlib.md5(body).hexdigest()'],
      ['app.py', 'import hashlib\nchecksum = hashlib.sha1(data).hexdigest()'],
      ['app.py', 'import hashlib\nh = hashlib.md5(token.encode(), usedforsecurity=False)'],
      ['app.py', 'import hashlib\ndef cache_key(token):\n    return hashlib.md5(token).hexdigest()'],
      ['app.js', "const etag = crypto.createHash('md5').update(body).digest('hex')"],
      ['app.js', "const h = crypto.createHash('sha256').update(token).digest('hex')"],
    ],
  },
  'fast-hash-for-password': {
    vulnerable: [
      [
        'app.py',
        'import hashlib\ndef hash_password(password):\n    return hashlib.sha256(password.encode()).hexdigest()',
      ],
      ['app.py', 'import hashlib\nh = hashlib.sha512((salt + pwd).encode()).hexdigest()'],
      ['app.js', "const hash = crypto.createHash('sha256').update(password).digest('hex')"],
      ['app.js', "import CryptoJS from 'crypto-js'\nconst h = CryptoJS.SHA256(password)"],
    ],
    safe: [
      ['app.py', 'import hashlib\nh = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 600000)'],
      ['app.py', 'import hashlib\nh = hashlib.sha256(api_token.encode()).hexdigest()'],
      ['app.py', 'import hashlib\ndigest = hashlib.sha256(content).hexdigest()'],
      ['app.js', "const digest = crypto.createHash('sha256').update(resetToken).digest('hex')"],
    ],
  },
  'weak-cipher': {
    vulnerable: [
      ['app.py', 'from Crypto.Cipher import DES\nc = DES.new(key, DES.MODE_CBC, iv)'],
      ['app.py', 'from Crypto.Cipher import AES\nc = AES.new(key, AES.MODE_ECB)'],
      [
        'app.py',
        'from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes\nc = Cipher(algorithms.AES(key), modes.ECB())',
      ],
      ['app.js', "import crypto from 'crypto'\nconst c = crypto.createCipheriv('aes-256-ecb', key, null)"],
      ['app.js', "const crypto = require('crypto')\nconst c = crypto.createCipher('aes-256-cbc', 'password')"],
      ['app.js', "import CryptoJS from 'crypto-js'\nCryptoJS.DES.encrypt(text, key)"],
    ],
    safe: [
      ['app.py', 'from Crypto.Cipher import AES\nc = AES.new(key, AES.MODE_GCM)'],
      ['app.py', 'c = Cipher(algorithms.AES(key), modes.GCM(iv))'],
      ['app.js', "const c = crypto.createCipheriv('aes-256-gcm', key, iv)"],
      ['app.js', 'CryptoJS.AES.encrypt(text, key)'],
      ['app.py', 'thing = Factory.new(DES)'],
    ],
  },
  'weak-random-secret': {
    vulnerable: [
      ['app.py', 'import random\ndef new_key():\n    return "".join(random.choices(letters, k=16))'],
      ['app.py', 'import random\ntoken = "".join(random.choices(string.ascii_letters, k=32))'],
      ['app.js', 'const token = Math.random().toString(36).slice(2)'],
      ['app.js', 'function generateToken() { return Math.random().toString(36) }'],
      ['app.js', 'const sessionId = `s-${Math.random()}`'],
      ['app.py', 'import random\ndef generate_otp():\n    return str(random.randint(100000, 999999))'],
      ['app.js', 'const makePassword = () => Math.random().toString(36)'],
      ['app.py', 'import random\nsalt = random.getrandbits(64)', 'low'],
    ],
    safe: [
      ['app.py', 'import random\ndef _make_boundary():\n    token = random.randrange(9)\n    return "==" + str(token)'],
      ['app.py', 'import secrets\ntoken = secrets.token_urlsafe(32)'],
      ['app.js', 'const id = Math.random().toString(36)'],
      ['app.js', "const token = crypto.randomBytes(32).toString('hex')"],
      ['app.py', 'import random\ntoken = random.SystemRandom().choice(letters)'],
      ['app.js', 'function randomColor() { return Math.random() * 255 }'],
      ['app.js', 'const x = Math.random() * canvas.width'],
    ],
  },
})
