// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cases are source code
import { testRules } from './testing.ts'
import { tlsRules } from './tls.ts'

testRules('tls', tlsRules, {
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
  'cleartext-request': {
    vulnerable: [
      ['a.js', "fetch('http://payments.shop.com/charge')"],
      ['a.js', "import axios from 'axios'\naxios.post(`http://api.shop.com/${id}`, card)"],
      ['a.py', 'import requests\nrequests.post("http://api.shop.com/pay", json=card)'],
    ],
    safe: [
      ['a.js', "fetch('https://payments.shop.com/charge')"],
      ['a.js', "fetch('http://localhost:5000/api')"],
      ['a.js', "fetch('http://backend:5000/api')"],
      ['a.py', 'import requests\nrequests.get("http://192.168.0.5/status")'],
    ],
  },
})
