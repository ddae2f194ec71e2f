import { cookieRules } from './cookies.ts'
import { testRules } from './testing.ts'

testRules('cookies', cookieRules, {
  'insecure-cookie': {
    vulnerable: [
      ['app.py', 'response.set_cookie("voter", voter, max_age=31536000)'],
      ['app.py', 'resp.set_cookie("session", token)'],
      ['app.py', 'resp.set_cookie("auth_token", token, httponly=True)'],
      ['app.py', 'response.set_cookie(key="access_token", value=t, httponly=True, secure=False, samesite="lax")'],
      ['app.js', "res.cookie('token', jwt)"],
      ['app.js', "res.cookie('session', id, { httpOnly: true })"],
      [
        'app.js',
        "const session = require('express-session')\napp.use(session({ secret: s, cookie: { secure: false } }))",
      ],
      ['app.py', 'app.config["SESSION_COOKIE_SECURE"] = False'],
      ['login.js', "document.cookie = 'token=' + token"],
    ],
    safe: [
      ['app.py', 'resp.set_cookie("session", token, secure=True, httponly=True, samesite="Lax")'],
      ['app.py', 'resp.set_cookie("theme", "dark")'],
      ['app.py', 'resp.set_cookie("session", "", max_age=0)'],
      ['app.py', 'resp.set_cookie("session", token, **cookie_options)'],
      [
        'app.js',
        "res.cookie('token', jwt, { httpOnly: true, secure: process.env.NODE_ENV === 'production', sameSite: 'lax' })",
      ],
      ['app.js', "res.cookie('token', jwt, cookieOptions)"],
      [
        'app.js',
        "const session = require('express-session')\napp.use(session({ cookie: { secure: isProduction, httpOnly: true } }))",
      ],
      ['app.js', "document.cookie = 'theme=dark'"],
    ],
  },
  'csrf-disabled': {
    vulnerable: [
      ['views.py', '@csrf_exempt\ndef transfer(request):\n    pass'],
      ['app.py', 'app.config["WTF_CSRF_ENABLED"] = False'],
      [
        'settings.py',
        "MIDDLEWARE = ['django.contrib.sessions.middleware.SessionMiddleware', 'django.middleware.common.CommonMiddleware']",
      ],
    ],
    safe: [
      ['views.py', '@csrf_exempt\ndef stripe_webhook(request):\n    pass'],
      ['config.py', 'class TestConfig(Config):\n    WTF_CSRF_ENABLED = False'],
      [
        'settings.py',
        "MIDDLEWARE = ['django.contrib.sessions.middleware.SessionMiddleware', 'django.middleware.csrf.CsrfViewMiddleware']",
      ],
      ['app.py', 'app.config["WTF_CSRF_ENABLED"] = True'],
    ],
  },
})
