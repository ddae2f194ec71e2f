/**
 * A server of a few lines for benchmarks of load generators: `node load-server.ts WHERE [MICROSECONDS]`, where WHERE is a port
 * of 127.0.0.1 or a path. Computes for so long for every request; stands still for a second when it gets SIGUSR2.
 */
import { createServer } from 'node:http'

const [where = '0', microseconds = '0'] = process.argv.slice(2)

function compute(milliseconds: number): void {
  for (const until = performance.now() + milliseconds; performance.now() < until; );
}

process.on('SIGUSR2', () => compute(1000))
const server = createServer((_, response) => {
  compute(Number(microseconds) / 1000)
  response.setHeader('content-type', 'text/plain')
  response.end('hello world')
})
server.listen(where.startsWith('/') ? { path: where } : { host: '127.0.0.1', port: Number(where) }, () => {
  const address = server.address()
  console.log(typeof address === 'object' && address !== null ? address.port : address)
})
