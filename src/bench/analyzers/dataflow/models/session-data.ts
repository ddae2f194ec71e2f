import { keptInSession, sessionObserver } from '../checks/session-data.ts'
import type { Model } from './model.ts'

/**
 * What is kept in sessions. Sources: flask.palletsprojects.com (Sessions), docs.djangoproject.com (Using sessions in views),
 * www.starlette.io (SessionMiddleware), express-session, cookie-session, koa-session, @fastify/session.
 */
export const sessionData: Model = {
  checks: [
    {
      names: ['update', 'setdefault', 'set'].flatMap((name) => [`*.session.${name}`]),
      rule: 'trust-boundary',
      judge: keptInSession,
      message: 'What the request says is kept in the session as it came.',
    },
  ],
  observers: [sessionObserver],
}
