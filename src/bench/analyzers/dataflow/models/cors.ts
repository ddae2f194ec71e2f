import { asgiCors, corsHeader, flaskCors, scriptCors, socketCors, writtenHeaders } from '../checks/cors.ts'
import { callbackName, called } from '../checks/cors-origins.ts'
import type { CheckModel, Model } from './model.ts'

const rule = 'permissive-cors' as const
const message = 'Scripts of any site may read these answers.'
const headers = (names: readonly string[]): CheckModel => ({ names, rule, judge: corsHeader, message })

/**
 * Cross-origin requests in Python. Sources: corydolphin.github.io/flask-cors (Configuration),
 * www.starlette.io/middleware (CORSMiddleware), github.com/adamchainz/django-cors-headers, python-socketio.readthedocs.io
 * (cors_allowed_origins, cors_credentials).
 */
export const pythonCors: Model = {
  sources: [{ names: ['flask.request.origin'], input: 'a request header' }],
  checks: [
    {
      names: [
        'flask_cors.CORS',
        'flask_cors.cross_origin',
        'flask_cors.CORS().init_app',
        'flask_cors.decorator.cross_origin',
      ],
      rule,
      judge: flaskCors,
      message,
    },
    {
      names: [
        '*.add_middleware',
        'starlette.middleware.Middleware',
        'fastapi.middleware.Middleware',
        'starlette.middleware.cors.CORSMiddleware',
        'fastapi.middleware.cors.CORSMiddleware',
      ],
      rule,
      judge: asgiCors,
      message,
    },
    {
      names: ['SocketIO', 'SocketIO().init_app', 'Server', 'AsyncServer'].flatMap((name) => [
        `flask_socketio.${name}`,
        `socketio.${name}`,
        `engineio.${name}`,
      ]),
      rule,
      judge: socketCors,
      message,
    },
    headers([
      '*.headers.add',
      '*.headers.append',
      '*.headers.set',
      '*.headers.setdefault',
      '*.set_header',
      '*.send_header',
      '*.add_header',
    ]),
  ],
  observers: [writtenHeaders],
}

/**
 * Cross-origin requests in JavaScript. Sources: github.com/expressjs/cors, github.com/fastify/fastify-cors,
 * github.com/koajs/cors, hono.dev (CORS), docs.nestjs.com (CORS), socket.io/docs (handling CORS).
 */
export const javascriptCors: Model = {
  checks: [
    {
      names: [
        'cors',
        'cors.default',
        '@koa/cors',
        'koa2-cors',
        'hono/cors.cors',
        '*.register',
        '*.enableCors',
        'socket.io.Server',
        'socket.io',
        '@elysiajs/cors.cors',
        'micro-cors',
        'nextjs-cors',
      ],
      rule,
      judge: scriptCors,
      message,
    },
    { names: [callbackName], rule, judge: called, message },
    headers(['*.setHeader', '*.header', '*.append', '*.set', '*.appendHeader']),
  ],
  observers: [writtenHeaders],
}
