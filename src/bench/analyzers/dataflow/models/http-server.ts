import type { Model } from './model.ts'

const handlers = ['BaseHTTPRequestHandler', 'SimpleHTTPRequestHandler', 'CGIHTTPRequestHandler'].map(
  (name) => `http.server.${name}()`,
)
const on = (names: readonly string[]): string[] =>
  handlers.flatMap((handler) => names.map((name) => `${handler}.${name}`))

/**
 * Python's own server and plain WSGI, which write headers as they are given. Sources: docs.python.org (http.server,
 * wsgiref, urllib.parse), PEP 3333. A request line holds no line end; one that was percent-encoded is there after decoding.
 */
export const httpServer: Model = {
  sources: [
    {
      names: on(['path', 'requestline']),
      input: 'the address of the request',
      without: ['structure', 'header', 'log'],
    },
    { names: on(['headers']), input: 'a request header', without: ['structure', 'header', 'log'] },
    { names: on(['rfile.read', 'rfile.readline', 'rfile']), input: 'the request body' },
    {
      names: ['wsgi.Environ.QUERY_STRING', 'wsgi.Environ.REQUEST_URI', 'wsgi.Environ.HTTP_*'],
      input: 'the address of the request',
      without: ['structure', 'header', 'log'],
    },
    { names: ['wsgi.Environ.PATH_INFO'], input: 'the path of the address', without: ['structure'] },
    { names: ['wsgi.Environ.get'], input: 'the request', without: ['structure', 'header', 'log'] },
    { names: ['wsgi.Environ[].read'], input: 'the request body' },
    {
      names: ['cgi.FieldStorage().getvalue', 'cgi.FieldStorage().getfirst'],
      input: 'a form field',
      without: ['structure'],
    },
  ],
  sinks: [
    { names: on(['send_header']), rule: 'header-injection', kinds: ['header'], arguments: [0, 1, 'keyword', 'value'] },
    {
      names: on(['send_response', 'send_response_only']),
      rule: 'header-injection',
      kinds: ['header'],
      arguments: [1, 'message'],
    },
    {
      names: ['wsgi.StartResponse'],
      rule: 'header-injection',
      kinds: ['header'],
      arguments: [0, 1],
      deep: true,
      confidence: 'medium',
    },
    {
      names: on(['send_header']),
      rule: 'open-redirect',
      kinds: ['redirect'],
      arguments: [1],
      when: [{ argument: 0, matches: /^location$/i }],
    },
    {
      names: on(['wfile.write']),
      rule: 'cross-site-scripting',
      kinds: ['html'],
      arguments: [0],
      whenMarked: 'page',
    },
  ],
  marks: [
    {
      names: on(['send_header']),
      mark: 'page',
      when: [
        { argument: 0, matches: /^content-type$/i },
        { argument: 1, matches: /html|svg/i },
      ],
    },
  ],
  conventions: [{ names: [/^env(?:iron)?$/, /^start_response$/], types: ['wsgi.Environ', 'wsgi.StartResponse'] }],
}
