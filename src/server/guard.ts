import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { FastifyRequest } from 'fastify'
import { AssayError, Forbidden } from '#platform/errors'

/** The request was meant for another host: a rebound DNS name, or a proxy nobody told us about. */
export class MisdirectedRequest extends AssayError {
  readonly code = 'misdirected-request'
  readonly status = 421
}

/** The body is of a type the route does not take. */
export class UnsupportedMediaType extends AssayError {
  readonly code = 'unsupported-media-type'
  readonly status = 415
}

export interface GuardSettings {
  /** What the server listens on. */
  readonly host: string
  /** The server listens on this machine only. */
  readonly loopbackOnly: boolean
  /** The address browsers use, where it is not the one listened on. */
  readonly publicUrl?: string | undefined
}

export interface Guard {
  /**
   * Refuses foreign hosts (DNS rebinding) and, for requests that change something or open a socket, foreign origins
   * (CSRF).
   * @throws MisdirectedRequest @throws Forbidden
   */
  check(request: FastifyRequest): void
  /** Straight from this machine: neither the address nor a header speaks of anybody else. */
  isLoopback(request: FastifyRequest): boolean
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])
const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via']
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

export function createGuard({ host: bound, loopbackOnly, publicUrl }: GuardSettings): Guard {
  const known = publicUrl === undefined ? undefined : new URL(publicUrl)

  const hostAllowed = (host: string): boolean => {
    if (known !== undefined && host.toLowerCase() === known.host) return true
    const name = nameOf(host)
    if (loopbackNames.has(name)) return true
    if (loopbackOnly || known !== undefined) return false
    // A rebound name is a name: an address in Host cannot be one.
    return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || name === hostname().toLowerCase() || name === bound.toLowerCase()
  }

  return {
    check(request) {
      const { host, origin } = request.headers
      if (host === undefined || !hostAllowed(host)) {
        throw new MisdirectedRequest(`This server does not answer to the host ${JSON.stringify(host ?? '')}.`, {
          next: 'Set ASSAY_PUBLIC_URL to the address browsers use.',
        })
      }
      const upgrade = request.headers.upgrade !== undefined
      if (safeMethods.has(request.method) && !upgrade) return
      const site = request.headers['sec-fetch-site']
      const foreign = origin !== undefined && !originAllowed(origin, host, known)
      if (foreign || site === 'cross-site' || site === 'same-site') {
        throw new Forbidden(`Requests from ${JSON.stringify(origin ?? site)} may not change anything here.`, {
          next: 'Open Assay at its own address. Programs send an API key and no Origin header.',
        })
      }
    },
    isLoopback(request) {
      const peer = request.socket.remoteAddress ?? ''
      if (!isLoopbackAddress(peer)) return false
      if (!loopbackNames.has(nameOf(request.headers.host ?? ''))) return false
      return forwardingHeaders.every((header) => request.headers[header] === undefined)
    },
  }
}

/** `127.0.0.0/8`, `::1`, and the former mapped into IPv6. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address)
}

/** Whether a server bound to `host` can be reached from this machine only. */
export function bindsLoopback(host: string): boolean {
  return host === 'localhost' || isLoopbackAddress(host)
}

function originAllowed(origin: string, host: string, known: URL | undefined): boolean {
  if (known !== undefined && origin.toLowerCase() === known.origin) return true
  return origin.toLowerCase() === `http://${host.toLowerCase()}`
}

/** The name in a Host header, without the port, lower case. */
function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '')
}
