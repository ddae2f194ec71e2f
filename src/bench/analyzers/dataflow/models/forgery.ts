import { sessionMade, unprotectedRoute, weakProtection } from '../checks/express-forgery.ts'
import { exempted, exemptedMethod, withoutProtection } from '../checks/forgery.ts'
import type { Model } from './model.ts'

const rule = 'csrf-disabled' as const

/**
 * Requests other sites forge, in Python. Sources: docs.djangoproject.com (howto/csrf, ref/csrf), flask-wtf.readthedocs.io
 * (CSRF Protection, Form), django-rest-framework.org (SessionAuthentication).
 */
export const pythonForgery: Model = {
  checks: [
    {
      names: [
        'django.views.decorators.csrf.csrf_exempt',
        'flask_wtf.CSRFProtect().exempt',
        'flask_wtf.csrf.CSRFProtect().exempt',
        'flask_wtf.CsrfProtect().exempt',
        'flask_seasurf.SeaSurf().exempt',
      ],
      rule,
      judge: exempted,
      message: 'The view is taken out of the protection against forged requests.',
    },
    {
      names: ['django.utils.decorators.method_decorator'],
      rule,
      judge: exemptedMethod,
      message: 'The view is taken out of the protection against forged requests.',
    },
  ],
  observers: [withoutProtection],
}

const changingVerbs = ['post', 'put', 'patch', 'delete', 'use']
const routers = ['express()', 'express.Router()', 'express().route()', 'express.Router().route()']

/**
 * The same in JavaScript. Sources: github.com/expressjs/csurf (ignoreMethods), github.com/Psifi-Solutions/csrf-csrf
 * (ignoredMethods), github.com/krakenjs/lusca, github.com/expressjs/session (cookie.sameSite).
 */
export const javascriptForgery: Model = {
  checks: [
    {
      names: ['csurf', 'csrf-csrf.doubleCsrf', 'csrf-sync.csrfSync', 'lusca', 'tiny-csrf'],
      rule,
      judge: weakProtection,
      message: 'The protection against forged requests is off.',
    },
    { names: ['express-session', 'cookie-session'], rule, judge: sessionMade, message: '' },
    {
      names: routers.flatMap((router) => changingVerbs.map((verb) => `${router}.${verb}`)),
      rule,
      judge: unprotectedRoute,
      message: 'The session cookie comes along with requests of other sites, and nothing else is asked for.',
      confidence: 'medium',
    },
  ],
}
