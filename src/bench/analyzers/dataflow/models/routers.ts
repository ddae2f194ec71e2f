import type { Model } from './model.ts'

/** Apps and routers: what is registered with one of them says nothing of the others. */
export const pythonRouters: Model = {
  things: ['flask.Flask', 'flask.Blueprint', 'quart.Quart', 'quart.Blueprint', 'fastapi.FastAPI', 'fastapi.APIRouter'],
}

export const scriptRouters: Model = {
  things: [
    'express',
    'express.Router',
    'express-promise-router',
    'fastify',
    'fastify.Instance',
    'koa',
    'koa-router',
    'koa-router.Router',
    '@koa/router',
    '@koa/router.Router',
    'hono.Hono',
    'polka',
    'restify.createServer',
  ],
}
