import { answeredDetail, detailIn, handlerOfErrors } from '../checks/error-detail.ts'
import type { Model } from './model.ts'

const message = 'What went wrong inside is answered to whoever asks.'
const on = (things: readonly string[], names: readonly string[]): string[] =>
  things.flatMap((thing) => names.map((name) => `${thing}.${name}`))

/**
 * Exceptions and what they tell. Sources: docs.python.org (traceback, sys.exc_info), nodejs.org/api/errors.html;
 * answers as in the models of the frameworks, and expressjs.com, koajs.com (ctx.throw), hono.dev (Context).
 */
export const errorDetail: Model = {
  sources: [
    { names: ['$exception'], input: 'a caught exception', kinds: ['detail'] },
    {
      names: [
        'traceback.format_exc',
        'traceback.format_exception',
        'traceback.format_exception_only',
        'traceback.format_tb',
        'traceback.format_stack',
        'traceback.TracebackException().format',
        'sys.exc_info',
        'sys.exception',
      ],
      input: 'a traceback',
      kinds: ['detail'],
    },
  ],
  passes: [
    { names: ['$exception.toString', '$exception.with_traceback', '$exception.__str__', '$exception.__repr__'] },
  ],
  clean: ['type', 'console.*', 'Sentry.captureException', 'sentry_sdk.capture_exception', 'hash', 'id', 'isinstance'],
  conventions: [
    {
      names: [/^_?(?:err|error|e|ex|exception)$/, /^_?req(?:uest)?$/, /^_?res(?:ponse)?$/],
      types: ['$exception', 'express.Request', 'express.Response', 'express.Next'],
    },
    {
      names: [/^_?(?:err|error|e)$/, /^_?req(?:uest)?$/, /^_?reply$/],
      types: ['$exception', 'fastify.Request', 'fastify.Reply'],
    },
    { names: [/^_?(?:err|error|e)$/, /^_?(?:c|ctx)$/], types: ['$exception', 'hono.Context'] },
  ],
  entries: [
    {
      names: on(['fastify()', 'fastify.Instance'], ['setErrorHandler']),
      parameters: { by: 'position', types: ['$exception', 'fastify.Request', 'fastify.Reply'] },
      functions: 'all',
    },
    {
      names: ['hono.Hono().onError'],
      parameters: { by: 'position', types: ['$exception', 'hono.Context'] },
      functions: 'all',
    },
  ],
  checks: [
    {
      names: [
        'flask.Flask().errorhandler()',
        'flask.Blueprint().errorhandler()',
        'flask.Blueprint().app_errorhandler()',
        'flask.Flask().register_error_handler',
        'fastapi.FastAPI().exception_handler()',
        'fastapi.FastAPI().add_exception_handler',
        'starlette.applications.Starlette().add_exception_handler',
      ],
      rule: 'error-detail',
      judge: handlerOfErrors,
      message,
    },
    {
      names: [
        ...on(
          ['express.Response', '*.status()', '*.code()', 'express.Response.*', 'http.ServerResponse'],
          ['send', 'json', 'jsonp', 'end', 'write', 'render', 'sendStatus'],
        ),
        'fastify.Reply.send',
        ...on(['?'], ['json', 'send', 'end', 'text', 'html', 'write', 'render']),
        ...on(['hono.Context', 'Response', 'next/server.NextResponse'], ['json', 'text', 'html', 'body']),
        'Response',
        'next/server.NextResponse',
        'koa.Context.render',
      ],
      rule: 'error-detail',
      judge: detailIn,
      message,
    },
    {
      names: [
        'flask.jsonify',
        'flask.make_response',
        'flask.Response',
        'flask.abort',
        'flask.render_template',
        'flask.render_template_string',
        'flask.flash',
        'werkzeug.exceptions.abort',
        'werkzeug.wrappers.Response',
        ...on(
          ['fastapi', 'fastapi.responses', 'starlette.responses'],
          ['JSONResponse', 'PlainTextResponse', 'HTMLResponse', 'Response', 'ORJSONResponse', 'UJSONResponse'],
        ),
        ...on(['fastapi', 'fastapi.exceptions', 'starlette.exceptions'], ['HTTPException']),
        ...on(
          ['django.http', 'django.http.response'],
          [
            'HttpResponse',
            'JsonResponse',
            'HttpResponseBadRequest',
            'HttpResponseServerError',
            'HttpResponseNotFound',
            'HttpResponseForbidden',
            'Http404',
          ],
        ),
        'django.shortcuts.render',
        'django.contrib.messages.error',
        'rest_framework.response.Response',
        'rest_framework.exceptions.APIException',
        'aiohttp.web.json_response',
        'aiohttp.web.Response',
        'sanic.response.json',
        'sanic.response.text',
        'quart.jsonify',
      ],
      rule: 'error-detail',
      judge: detailIn,
      message,
    },
  ],
  observers: [answeredDetail],
}
