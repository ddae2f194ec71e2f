import { cookieHeader, writtenCookies } from '../checks/cookie-headers.ts'
import { pythonCookie, scriptCookie, scriptSession, sessionMiddleware } from '../checks/cookies.ts'
import type { CheckModel, Model } from './model.ts'

const rule = 'insecure-cookie' as const
const message = 'The cookie is set without its protections.'
const headers = (names: readonly string[]): CheckModel => ({ names, rule, judge: cookieHeader, message })

/**
 * Cookies in Python. Sources: werkzeug.palletsprojects.com (Response.set_cookie), www.starlette.io (Response.set_cookie,
 * SessionMiddleware), docs.djangoproject.com (HttpResponse.set_cookie, set_signed_cookie), bottlepy.org, docs.aiohttp.org.
 */
export const pythonCookies: Model = {
  checks: [
    { names: ['*.set_cookie', '*.set_signed_cookie', '*.set_secure_cookie'], rule, judge: pythonCookie, message },
    {
      names: [
        '*.add_middleware',
        'starlette.middleware.Middleware',
        'fastapi.middleware.Middleware',
        'starlette.middleware.sessions.SessionMiddleware',
      ],
      rule,
      judge: sessionMiddleware,
      message,
    },
    headers([
      '*.headers.add',
      '*.headers.append',
      '*.headers.set',
      '*.headers.setdefault',
      '*.set_header',
      '*.add_header',
      '*.send_header',
    ]),
  ],
  observers: [writtenCookies],
}

/**
 * Cookies in JavaScript. Sources: expressjs.com (res.cookie), github.com/expressjs/session and cookie-session,
 * github.com/fastify/fastify-cookie and session, github.com/pillarjs/cookies, nextjs.org/docs (cookies),
 * github.com/jshttp/cookie (serialize), hono.dev (cookie helper), reactrouter.com (createCookieSessionStorage).
 */
export const javascriptCookies: Model = {
  checks: [
    {
      names: [
        '*.cookie',
        '*.setCookie',
        'koa.Context.cookies.set',
        'next/headers.cookies().set',
        'next/server.*.cookies.set',
        'next.Request.cookies.set',
        '?.set',
        'cookie.serialize',
        'cookie.default.serialize',
        'js-cookie.set',
        'hono/cookie.setCookie',
        'hono/cookie.setSignedCookie',
        'h3.setCookie',
        'nookies.set',
        'nookies.setCookie',
        'cookies-next.setCookie',
        'cookies().set',
      ],
      rule,
      judge: scriptCookie,
      message,
    },
    {
      names: [
        'express-session',
        'cookie-session',
        'koa-session',
        'koa-generic-session',
        'iron-session.getIronSession',
        'iron-session.withIronSession',
        '*.register',
        '*.createCookieSessionStorage',
        '*.createSessionStorage',
      ],
      rule,
      judge: scriptSession,
      message,
    },
    headers(['*.setHeader', '*.header', '*.append', '*.set', '*.appendHeader']),
  ],
  observers: [writtenCookies],
}
