import type { Model } from './model.ts'

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'api_route', 'options', 'head', 'websocket']
const responses = (name: string): string[] =>
  ['fastapi', 'fastapi.responses', 'starlette.responses'].map((module) => `${module}.${name}`)

/** FastAPI and Starlette. Sources: fastapi.tiangolo.com (path operations, custom responses), www.starlette.io. */
export const fastapi: Model = {
  sources: [
    {
      names: ['fastapi.Request().query_params', 'fastapi.Request().url'],
      input: 'the query string',
      without: ['structure'],
    },
    { names: ['fastapi.Request().headers'], input: 'a request header', without: ['structure', 'header'] },
    { names: ['fastapi.Request().cookies'], input: 'a cookie', without: ['structure'] },
    { names: ['fastapi.Request().path_params'], input: 'the path of the address', without: ['structure'] },
    {
      names: ['fastapi.Request().json', 'fastapi.Request().body', 'fastapi.Request().form', 'fastapi.Request().stream'],
      input: 'the request body',
    },
    {
      names: ['fastapi.UploadFile().filename', 'fastapi.UploadFile().read', 'fastapi.UploadFile().file'],
      input: 'an uploaded file',
    },
    {
      names: ['fastapi.WebSocket().receive_text', 'fastapi.WebSocket().receive_json'],
      input: 'a message of the socket',
    },
  ],
  sinks: [
    {
      names: responses('HTMLResponse'),
      rule: 'cross-site-scripting',
      kinds: ['html'],
      arguments: [[0, 'content']],
      fix: 'Return data as JSON, render a template that escapes, or escape the value with html.escape.',
    },
    {
      names: responses('Response'),
      rule: 'cross-site-scripting',
      kinds: ['html'],
      arguments: [[0, 'content']],
      when: [{ argument: [3, 'media_type'], matches: /html|svg/i }],
    },
    { names: responses('RedirectResponse'), rule: 'open-redirect', kinds: ['redirect'], arguments: [[0, 'url']] },
    { names: responses('FileResponse'), rule: 'path-traversal', kinds: ['path'], arguments: [[0, 'path']] },
  ],
  types: [
    { names: ['starlette.requests.Request()', 'fastapi.requests.Request()'], is: 'fastapi.Request()' },
    { names: ['starlette.datastructures.UploadFile()'], is: 'fastapi.UploadFile()' },
  ],
  ends: [],
  entries: [
    {
      names: ['fastapi.FastAPI()', 'fastapi.APIRouter()', 'starlette.applications.Starlette()'].flatMap((app) =>
        verbs.map((verb) => `${app}.${verb}()`),
      ),
      parameters: { by: 'declaration' },
      returns: 'data',
    },
  ],
  clean: ['fastapi.*', 'starlette.*'],
}
