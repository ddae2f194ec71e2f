import type { Canary } from '../contract.ts'

const server = `const { createServer } = require('node:http')

createServer((request, response) => {
  response.setHeader('content-type', 'text/html')
  if (request.url === '/report') return setTimeout(() => response.end('<p>Done</p>'), 700)
  response.end('<a href="/report">Report</a>')
}).listen(process.env.PORT || 3000)
`

/** A server of a few lines with one address that takes its time. */
export const canary: Canary = {
  files: {
    'package.json': '{ "name": "canary", "version": "1.0.0", "scripts": { "start": "node server.js" } }\n',
    'server.js': server,
  },
  rule: 'slow-endpoint',
  options: { duration: 1, warmUp: 0, knee: false },
}
