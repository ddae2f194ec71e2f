import type { WebSocket } from '@fastify/websocket'
import { z } from 'zod'
import type { Bus, Subscription } from '#platform/events'
import type { Actor } from '#platform/http'
import type { Logger } from '#platform/telemetry'

/** Bytes waiting for a slow reader before it is dropped. */
const maximumBacklog = 1024 * 1024
const maximumRooms = 50

const room = z.string().regex(/^[a-z]{1,20}:[\w-]{1,64}$/)
const messageSchema = z.union([
  z.strictObject({ subscribe: z.array(room).min(1).max(maximumRooms), since: z.string().max(100).optional() }),
  z.strictObject({ unsubscribe: z.array(room).min(1).max(maximumRooms) }),
])

export interface LiveOptions {
  readonly bus: Bus
  readonly actor: Actor
  readonly log: Logger
  readonly heartbeatMs: number
  /** Whether the actor may read a room; asked before each subscription. */
  mayListen(actor: Actor, room: string): Promise<boolean>
  /** Asked with every heartbeat; false ends the connection. */
  stillAllowed(): Promise<boolean>
}

/**
 * One WebSocket with any number of rooms. The client sends `{subscribe: [room], since?}` or `{unsubscribe: [room]}`;
 * the server sends `{room, id, event, data}`, and `{room, event: 'subscribed' | 'refused'}` as answers.
 */
export function serveLive(
  socket: WebSocket,
  { bus, actor, log, heartbeatMs, mayListen, stillAllowed }: LiveOptions,
): void {
  const rooms = new Map<string, Subscription>()
  let answered = true

  const send = (message: unknown): void => {
    if (socket.readyState !== socket.OPEN) return
    socket.send(JSON.stringify(message))
    if (socket.bufferedAmount > maximumBacklog) socket.terminate()
  }

  const join = async (name: string, since: string | undefined): Promise<void> => {
    if (rooms.has(name)) return
    if (rooms.size >= maximumRooms || !(await mayListen(actor, name))) return send({ room: name, event: 'refused' })
    if (rooms.has(name) || socket.readyState !== socket.OPEN) return
    const subscription = bus.subscribe(name, (event) => send(event), since)
    rooms.set(name, subscription)
    // What was missed has been sent before this; `complete` false says: fetch the present state.
    send({ room: name, event: 'subscribed', data: { complete: subscription.complete } })
  }

  const leave = (name: string): void => {
    rooms.get(name)?.[Symbol.dispose]()
    rooms.delete(name)
  }

  const receive = async (text: string): Promise<void> => {
    const message = messageSchema.safeParse(parseJson(text))
    if (!message.success) return socket.close(1008, 'not a message this server knows')
    if ('unsubscribe' in message.data) return message.data.unsubscribe.forEach(leave)
    for (const name of message.data.subscribe) await join(name, message.data.since)
  }

  const fail = (error: unknown): void => {
    log.warn({ err: error }, 'live connection ended')
    socket.close(1011, 'the server could not answer')
  }

  // One message after the other, so that a client cannot have many checks under way.
  let turn = Promise.resolve()
  socket.on('message', (data: Buffer) => {
    turn = turn.then(() => receive(data.toString())).catch(fail)
  })
  socket.on('pong', () => {
    answered = true
  })
  socket.on('error', fail)

  const heartbeat = setInterval(() => {
    if (!answered) return socket.terminate()
    answered = false
    socket.ping()
    stillAllowed().then((allowed) => {
      if (!allowed) socket.close(1008, 'signed out')
    }, fail)
  }, heartbeatMs)
  socket.on('close', () => {
    clearInterval(heartbeat)
    for (const name of [...rooms.keys()]) leave(name)
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
