import { debugArgument, debugRun, errorPages } from '../checks/debugging.ts'
import type { Model } from './model.ts'

const rule = 'debug-enabled' as const

/**
 * Debuggers of Python frameworks. Sources: flask.palletsprojects.com (Debugging Application Errors, Flask.run),
 * werkzeug.palletsprojects.com (DebuggedApplication, run_simple), fastapi.tiangolo.com and www.starlette.io (debug),
 * bottlepy.org, www.tornadoweb.org, dash.plotly.com, sanic.dev.
 */
export const pythonDebugging: Model = {
  checks: [
    {
      names: ['*.run', '*.run_server', '*.run_debug'],
      rule,
      judge: debugRun,
      message: 'The app is started with its debugger.',
      fix: 'Leave debug out and start the server with `flask --debug run` where you develop.',
    },
    {
      names: [
        'flask.Flask',
        'fastapi.FastAPI',
        'starlette.applications.Starlette',
        'quart.Quart',
        'tornado.web.Application',
        'bottle.run',
        'bottle.debug',
        'litestar.Litestar',
        'werkzeug.serving.run_simple',
        'werkzeug.run_simple',
        'aiohttp.web.run_app',
        'flask_socketio.SocketIO().run',
      ],
      rule,
      judge: debugArgument,
      message: 'The app is made with its debugger on.',
    },
    {
      names: ['werkzeug.debug.DebuggedApplication', 'werkzeug.DebuggedApplication'],
      rule,
      judge: debugArgument,
      message: 'The debugger is wrapped around the app.',
    },
  ],
}

/**
 * Error pages for developers. Sources: expressjs.com/en/resources/middleware/errorhandler.html, github.com/koajs/error,
 * github.com/poppinss/youch.
 */
export const javascriptDebugging: Model = {
  checks: [
    {
      names: ['*.use', '*.register'],
      rule,
      judge: errorPages,
      message: 'The error pages of developers, with stack traces, are shown in production.',
      confidence: 'medium',
      fix: "Use it only where process.env.NODE_ENV is 'development'.",
    },
  ],
}
