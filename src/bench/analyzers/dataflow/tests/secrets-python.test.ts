import { testPrograms } from './secrets.ts'

const flask =
  'import os, hmac, hashlib, random, secrets, string, time, uuid\nfrom flask import Flask, request, session, jsonify\napp = Flask(__name__)\n'
const route = (body: string): string =>
  `${flask}@app.post('/x')\ndef answer():\n${body
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n`

testPrograms('app.py', {
  'weak-random': {
    vulnerable: [
      "import random, string\ndef new_key():\n    return ''.join(random.choices(string.ascii_lowercase, k=16))",
      "import random, string\ntoken = ''.join(random.choice(string.ascii_letters + string.digits) for _ in range(32))",
      "from random import choices as pick\ndef make_password(n):\n    return ''.join(pick('abcdef0123', k=n))",
      "import random\ndef generate_otp():\n    digits = '0123456789'\n    otp = ''\n    for i in range(6):\n        otp += digits[random.randint(0, 9)]\n    return otp",
      'import random\nclass Codes:\n    def make(self):\n        return str(random.randint(100000, 999999))\ndef send(user):\n    user.reset_token = Codes().make()',
      "import random\ndef session_id():\n    return '%032x' % random.getrandbits(128)",
      'import numpy as np\napi_key = hex(np.random.randint(0, 2**31))',
      'import uuid\nsession_token = str(uuid.uuid1())',
      'import time, hashlib\nreset_token = hashlib.sha256(str(time.time()).encode()).hexdigest()',
      route("session['csrf_token'] = str(random.random())\nreturn ''"),
      "import random\nfrom flask import make_response\ndef login():\n    response = make_response('ok')\n    response.set_cookie('session', str(random.getrandbits(64)))\n    return response",
      "import random\ndef create(users):\n    users.insert_one({'name': 'a', 'api_key': random.randbytes(16).hex()})",
      "import random\nparts = [random.choice('abc') for _ in range(9)]\nrandom.shuffle(parts)\ntemp_password = ''.join(parts)",
      'import random\nrng = random.Random(42)\nverification_code = rng.randrange(10**6)',
      'import random\ndef save(token, user):\n    user.token = token\nsave(random.random(), object())',
    ],
    safe: [
      "import random\ndef _make_boundary():\n    token = random.randrange(10**9)\n    return '==' + str(token)",
      'import numpy as np\nnext_token = np.random.choice(vocabulary)\ntoken_id = np.random.randint(100)',
      'import secrets\ntoken = secrets.token_hex(16)',
      "import random\ntoken = ''.join(random.SystemRandom().choice('abc') for _ in range(9))",
      "from random import SystemRandom\nrng = SystemRandom()\npassword = ''.join(rng.choice('abc') for _ in range(9))",
      'import random, time\ntime.sleep(random.uniform(0, 1))',
      'import random\ndelay = random.random() * 5',
      "import random\nitems = random.sample(range(10), 3)\ncolor = random.choice(['red', 'blue'])",
      "import random\nKEYS = ['key-a-123', 'key-b-456']\napi_key = random.choice(KEYS)",
      'import random\nservers = load()\nserver = random.choice(servers)\ntoken = server.token',
      "import time, secrets\ntoken = f'{int(time.time())}-{secrets.token_hex(16)}'",
      "import time, jwt, os\ntoken = jwt.encode({'exp': time.time() + 60}, os.environ['KEY'], algorithm='HS256')",
      'import random\nmax_tokens = random.randint(1, 100)\ntoken_count = random.randint(1, 9)',
      'import uuid\nsession_id = str(uuid.uuid4())',
      "import time\ntoken_expires_at = time.time() + 3600\nsession = {'created': time.time()}",
      'import random\ndef roll():\n    return random.randint(1, 6)',
      "import os, hmac, time\ntoken = hmac.new(os.environ['KEY'].encode(), str(time.time()).encode(), 'sha256').hexdigest()",
    ],
  },
  'weak-cipher': {
    vulnerable: [
      'from Crypto.Cipher import DES3\nc = DES3.new(key, DES3.MODE_CBC, iv)',
      'from Cryptodome.Cipher import AES as A\nc = A.new(key, mode=A.MODE_ECB)',
      "from Crypto.Cipher import AES\nc = AES.new(key, AES.MODE_CBC, b'0123456789abcdef')",
      "from Crypto.Cipher import AES\nIV = b'\\x00' * 16\ndef seal(key, text):\n    return AES.new(key, AES.MODE_CBC, iv=IV).encrypt(text)",
      'from Crypto.Cipher import AES\nc = AES.new(key, AES.MODE_CBC, bytes(16))',
      "from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes\nc = Cipher(algorithms.AES(key), modes.CBC(b'1234567890123456'))",
      'from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4\nc = ARC4(key)',
      'import pyDes\nc = pyDes.des(key, pyDes.CBC, iv)',
      'import os\nfrom Crypto.Cipher import AES\nNONCE = os.urandom(12)\ndef seal(key, text):\n    return AES.new(key, AES.MODE_GCM, nonce=NONCE).encrypt(text)',
      'from cryptography.hazmat.primitives.asymmetric import rsa\nkey = rsa.generate_private_key(public_exponent=65537, key_size=1024)',
    ],
    safe: [
      'from Crypto.Cipher import AES\nc = AES.new(key, AES.MODE_CBC)',
      'import os\nfrom Crypto.Cipher import AES\ndef seal(key, text):\n    iv = os.urandom(16)\n    return iv + AES.new(key, AES.MODE_CBC, iv).encrypt(text)',
      'from Crypto.Cipher import AES\ndef unseal(key, data):\n    return AES.new(key, AES.MODE_CBC, data[:16]).decrypt(data[16:])',
      'from cryptography.fernet import Fernet\nc = Fernet(Fernet.generate_key())',
      'from cryptography.hazmat.primitives.asymmetric import rsa\nkey = rsa.generate_private_key(65537, 3072)',
    ],
  },
  'weak-hash': {
    vulnerable: [
      'import hashlib\ndef sign(message, secret):\n    return hashlib.md5((secret + message).encode()).hexdigest()',
      'import hashlib\nreset_token = hashlib.sha1(email.encode()).hexdigest()',
      'import hashlib\ndef digest(text):\n    return hashlib.md5(text).hexdigest()\ndef issue(user):\n    user.auth_token = digest(user.email)',
      'from Crypto.Hash import MD5\nsignature = MD5.new(data).hexdigest()',
      'import hmac, hashlib\nmac = hmac.new(key, data, hashlib.md5).hexdigest()',
      'from cryptography.hazmat.primitives import hashes\ndef sign(key, data, padding):\n    return key.sign(data, padding, hashes.SHA1())',
    ],
    safe: [
      'import hashlib\netag = hashlib.md5(body).hexdigest()',
      'import hashlib\ndef cache_key(token):\n    return hashlib.md5(token.encode()).hexdigest()',
      "import hashlib\ndef checksum(path):\n    with open(path, 'rb') as f:\n        return hashlib.sha1(f.read()).hexdigest()",
      "import hashlib\ndef gravatar(email):\n    digest = hashlib.md5(email.strip().lower().encode()).hexdigest()\n    return 'https://gravatar.com/avatar/' + digest",
      'import hashlib\nsignature = hashlib.md5(secret.encode(), usedforsecurity=False).hexdigest()',
      'import hashlib\nsignature = hashlib.sha256(data).hexdigest()',
      "import hashlib, requests\ndef is_breached(password):\n    digest = hashlib.sha1(password.encode()).hexdigest()\n    return digest[5:] in requests.get('https://api.pwnedpasswords.com/range/' + digest[:5]).text",
    ],
  },
  'weak-password-storage': {
    vulnerable: [
      `from django.db import models\nclass Profile(models.Model):\n    password = models.CharField(max_length=80)\ndef register(request):\n    Profile.objects.create(password=request.POST['password'])`,
      route("users = load()\nusers[request.form['name']] = {'password': request.form['password']}\nreturn ''"),
      `${flask}users = {}\n@app.post('/x')\ndef register():\n    data = request.get_json()\n    users[data['name']] = data['password']\n    return ''`,
      'import hashlib\ndef hash_password(password):\n    return hashlib.sha256(password.encode()).hexdigest()',
      "import hashlib\ndef digest(text):\n    return hashlib.sha512(text.encode()).hexdigest()\ndef register(form, user):\n    user.password_hash = digest(form['secret_word'])",
      route(
        "password = request.form['password']\ndigest = hashlib.new('sha256', password.encode()).hexdigest()\nreturn digest",
      ),
      "import hashlib\nkey = hashlib.pbkdf2_hmac('sha256', password, salt, iterations=1000)",
      'import bcrypt\nhashed = bcrypt.hashpw(password, bcrypt.gensalt(rounds=4))',
      "from werkzeug.security import generate_password_hash\nh = generate_password_hash(password, method='pbkdf2:sha256:1000')",
      "PASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher']",
      "from passlib.context import CryptContext\ncontext = CryptContext(schemes=['md5_crypt'])",
      route(
        "import sqlite3\ndb = sqlite3.connect('a.db')\ndb.execute('INSERT INTO users (name, password) VALUES (?, ?)', (request.form['name'], request.form['password']))\nreturn ''",
      ),
      route(
        "user = find(request.form['name'])\nif user.password == request.form['password']:\n    return 'ok'\nreturn ''",
      ),
      `${flask}from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy(app)\nclass User(db.Model):\n    password = db.Column(db.String(80))\n@app.post('/x')\ndef register():\n    user = User(username=request.form['name'], password=request.form['password'])\n    db.session.add(user)\n    return ''`,
    ],
    safe: [
      `from pydantic import BaseModel\nfrom fastapi import FastAPI, Form\napp = FastAPI()\nclass User(BaseModel):\n    password: str\n@app.post('/x')\ndef register(password: str = Form()):\n    return create(User(password=password))`,
      route("user = load()\nuser.set_password(request.form['password'])\nreturn ''"),
      "import hashlib\nkey = hashlib.pbkdf2_hmac('sha256', password, salt, 600_000)",
      'import bcrypt, hashlib, base64\nhashed = bcrypt.hashpw(base64.b64encode(hashlib.sha256(password.encode()).digest()), bcrypt.gensalt())',
      route(
        "from werkzeug.security import generate_password_hash\nimport sqlite3\nhashed = generate_password_hash(request.form['password'])\nsqlite3.connect('a.db').execute('INSERT INTO users (password) VALUES (?)', (hashed,))\nreturn ''",
      ),
      `${flask}from flask_sqlalchemy import SQLAlchemy\nfrom werkzeug.security import generate_password_hash\ndb = SQLAlchemy(app)\nclass User(db.Model):\n    password = db.Column(db.String(80))\n@app.post('/x')\ndef register():\n    user = User(username=request.form['name'], password=generate_password_hash(request.form['password']))\n    return ''`,
      'import hashlib\ntoken_hash = hashlib.sha256(api_token.encode()).hexdigest()',
      route("if request.form['password'] != request.form['confirm_password']:\n    return 'differ'\nreturn ''"),
      "from django.contrib.auth.models import User\ndef register(request):\n    User.objects.create_user(request.POST['name'], password=request.POST['password'])",
    ],
  },
  'timing-unsafe-comparison': {
    vulnerable: [
      route("if request.headers.get('X-Api-Key') != os.environ.get('API_KEY'):\n    return '', 401\nreturn ''"),
      route(
        "expected = hmac.new(os.environ['K'].encode(), request.data, hashlib.sha256).hexdigest()\nreturn str(request.headers['X-Signature'] == 'sha256=' + expected)",
      ),
      route("user = load()\nreturn str(user.reset_token == request.args['token'])"),
      route("return str(request.headers.get('X-Key') == app.config['ADMIN_TOKEN'])"),
    ],
    safe: [
      route("return str(hmac.compare_digest(request.headers['X-Api-Key'], os.environ['API_KEY']))"),
      route("return str(request.args['token_type'] == 'bearer')"),
      route("if request.args['token'] == '' or request.args['token'] is None:\n    return ''\nreturn ''"),
      'def parse(tokens, expected):\n    return tokens[0] == expected',
      route("return str(len(request.args['token']) == len(os.environ['TOKEN']))"),
      route("return str(request.args['mode'] == os.environ['MODE'])"),
      'import hashlib\ndef verify(data, expected):\n    return hashlib.sha256(data).hexdigest() == expected',
      'def same(row, user_id):\n    return row.user_id == user_id',
    ],
  },
  'hard-coded-credential': {
    vulnerable: [
      "KEY = '''-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF8PbnGy0AHB7MhgHcTz6sE2I2yPB\n-----END RSA PRIVATE KEY-----'''",
      "DB_PASSWORD = 'hunter2!'",
      "from flask import Flask\napp = Flask(__name__)\napp.secret_key = 'supersecretkey'",
      "from flask import Flask\napp = Flask(__name__)\napp.config['SECRET_KEY'] = 'dev'",
      "from flask import Flask\napp = Flask(__name__)\napp.config.update(SECRET_KEY='a8f5f167f44f4964e6c998dee827110c')",
      "import jwt\ntoken = jwt.encode({'a': 1}, 'my-jwt-secret', algorithm='HS256')",
      "import os\nJWT_SECRET = os.getenv('JWT_SECRET', 'k3yb0ard-c4t-s1gns')",
      "import os\nAPI_KEY = os.environ.get('API_KEY') or 'sk-abc123def456ghi789jkl'",
      "from sqlalchemy import create_engine\nengine = create_engine('postgresql://shop:Xk29dkQ2@db.prod.internal/shop')",
      "def connect(password='Winter2024!'):\n    return password",
      "import smtplib\ns = smtplib.SMTP('mail')\ns.login('a@b.c', 'Tr0ub4dor&3')",
      route(
        "if request.form['username'] == 'admin' and request.form['password'] == 'admin123':\n    return 'in'\nreturn ''",
      ),
      "import boto3\nclient = boto3.client('s3', aws_secret_access_key='wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz')",
      "STRIPE = 'sk_live_4eC39HqLyjWDarjtT1zdp7dcAAAA'",
      "HEADERS = {'Authorization': 'Bearer 4f9c1d7a8e2b6035c9d1e7f4a2b80c6d'}",
      "from cryptography.fernet import Fernet\nbox = Fernet(b'ZmDfcTF7_60GrrY167zsiPd67pEvs0aGOv2oasOM1Pg=')",
    ],
    safe: [
      "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    secret_key: str = 'change-me'",
      "labels = load()\nde = {'password': 'Passwort', 'user': 'Benutzer'}\nes = {'password': 'contraseña'}",
      "import os\nDB_PASSWORD = os.environ['DB_PASSWORD']",
      "PASSWORD = ''\nTOKEN = None\nSECRET = 'your-secret-here'",
      "PASSWORD_FIELD = 'password'\nTOKEN_URL = '/oauth/token'\nerrors = {'password': 'Wrong password'}",
      "password = input('Password: ')",
      "API_KEY_HEADER = 'X-API-Key'\napi_key_env = 'SERVICE_API_KEY'\nPASSWORD_ENV = 'DB_PASSWORD'",
      "import os\nDATABASE_URL = os.getenv('DATABASE_URL', 'postgresql://postgres:postgres@localhost:5432/app')",
      "import os\nSECRET_KEY = os.environ.get('SECRET_KEY', 'dev')",
      "class Form:\n    password = StringField('Password')\nschema = {'password': 'string', 'token': 'string'}",
      "token_type = 'bearer'\ngrant = {'token': 'access_token'}",
      "import os\nSECRET = os.environ.get('SECRET_KEY', 'insecure-default-1')\nif SECRET == 'insecure-default-1':\n    raise RuntimeError('set it')",
      "import hashlib, hmac, os\nmac = hmac.new(os.environ['KEY'].encode(), b'x', 'sha256')",
    ],
  },
})
