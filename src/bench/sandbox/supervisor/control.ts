import { connect, Socket } from 'node:net'

/** How the supervisor reaches the host. */
export interface Control {
  readonly control: Socket
  /** Socket for further connections to the host, where it has one. */
  readonly socket: string
}

/** Opens the connection: an inherited descriptor (`3`) or the path of a unix socket. */
export function openControl(where: string): Control {
  if (/^\d+$/.test(where)) {
    return { control: new Socket({ fd: Number(where), readable: true, writable: true }), socket: '' }
  }
  const control = connect(where)
  control.write('control\n')
  return { control, socket: where }
}
