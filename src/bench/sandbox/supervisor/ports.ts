import { readFileSync } from 'node:fs'

/** TCP ports something listens on here, ascending. */
export function listeningPorts(): number[] {
  const ports = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => portsIn(contentOf(path)))
  return [...new Set(ports)].sort((a, b) => a - b)
}

/** Of the lines of /proc/net/tcp: the second field is `ADDRESS:PORT` in hexadecimal, the fourth the state, 0A for listening. */
export function portsIn(table: string): number[] {
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/)
    return state === '0A' ? [Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16)] : []
  })
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // No IPv6 on this machine.
    return ''
  }
}
