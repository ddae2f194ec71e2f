import { testRules } from './testing.ts'
import { tlsRules } from './tls.ts'

testRules('tls', tlsRules, {
  'tls-verification-disabled': {
    vulnerable: [
      ['app.py', 'r = requests.get(url, verify=False)'],
      ['app.py', 'session.verify = False'],
      ['app.py', 'async with httpx.AsyncClient(verify=False) as client:\n    pass'],
      ['app.py', 'import ssl\nctx = ssl._create_unverified_context()'],
      ['app.py', 'ctx.check_hostname = False\nctx.verify_mode = ssl.CERT_NONE'],
      ['app.js', 'const agent = new https.Agent({ rejectUnauthorized: false })'],
      ['app.js', "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'"],
      ['app.js', "process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = 0"],
      ['app.py', 'def f(ctx):\n    ctx.verify_mode = ssl.CERT_NONE', 'high'],
      ['app.py', 'def f(ctx):\n    ctx.check_hostname = False', 'medium'],
      ['app.js', "if (args['insecure-certificate']) { tls.rejectUnauthorized = false }", 'low'],
      [
        'app.py',
        'def f(self, ctx):\n    if not self.request.validate_cert:\n        ctx.verify_mode = ssl.CERT_NONE',
        'low',
      ],
    ],
    safe: [
      ['app.py', 'def f(ctx, options):\n    ctx.check_hostname = False\n    ctx.verify_mode = options["cert_reqs"]'],
      ['app.py', 'r = requests.get(url, verify=True)'],
      ['app.py', 'r = requests.get(url, verify="/etc/ssl/ca.pem")'],
      ['app.py', 'claims = jwt.decode(token, verify=False)'],
      ['app.py', 'form.verify = False'],
      ['app.js', 'const agent = new https.Agent({ rejectUnauthorized: true })'],
      ['app.js', "process.env.NODE_ENV = '0'"],
    ],
  },
  'weak-tls-version': {
    vulnerable: [
      ['app.py', 'import ssl\nctx = ssl.SSLContext(ssl.PROTOCOL_TLSv1)'],
      ['app.py', 'ctx.minimum_version = ssl.TLSVersion.TLSv1'],
      ['app.js', "https.createServer({ minVersion: 'TLSv1.1' }, app)"],
      ['app.js', "tls.connect({ secureProtocol: 'TLSv1_method' })"],
    ],
    safe: [
      ['app.py', 'import ssl\nctx = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)'],
      ['app.py', 'ctx.minimum_version = ssl.TLSVersion.TLSv1_2'],
      ['app.js', "https.createServer({ minVersion: 'TLSv1.2' }, app)"],
    ],
  },
})
