/** A process that owns sandboxes for a test: as another user, or to be killed. */

import { AssayError } from '#platform/errors'
import type { Runner, RunnerId, Sandbox, SandboxProcess } from '../contract.ts'
import { SandboxEnded } from '../errors.ts'
import { dockerRunner, processRunner } from '../index.ts'
import type { FromOwner, Question, ToOwner } from './messages.ts'

const runners: Readonly<Record<RunnerId, Runner>> = { process: processRunner, docker: dockerRunner }
const sandboxes = new Map<string, Sandbox>()
const processes = new Map<number, SandboxProcess>()
const stops = new Map<number, AbortController>()

const say = (message: FromOwner): void => void process.send?.(message)

function sandboxOf(id: string): Sandbox {
  const sandbox = sandboxes.get(id)
  if (sandbox === undefined) throw new Error(`no sandbox ${id}`)
  return sandbox
}

async function answer(question: Question, signal: AbortSignal): Promise<unknown> {
  switch (question.ask) {
    case 'examine':
      return runners[question.runner].examine(signal)
    case 'open': {
      const sandbox = await runners[question.runner].start({ ...question.request, signal })
      sandboxes.set(sandbox.id, sandbox)
      void sandbox.ended.then((end) => say({ ended: sandbox.id, end }))
      return sandbox.id
    }
    case 'start': {
      const started = await sandboxOf(question.sandbox).start(question.command)
      processes.set(question.process, started)
      started.onOutput((piece) => say({ output: question.process, piece }))
      void started.exited.then((exit) => say({ exited: question.process, exit }))
      return undefined
    }
    case 'run':
      return sandboxOf(question.sandbox).run(question.command, signal)
    case 'expose':
      return sandboxOf(question.sandbox).expose(question.port)
    case 'read':
      return sandboxOf(question.sandbox).read(question.path)
    case 'write':
      return sandboxOf(question.sandbox).write(question.path, question.content)
    case 'listening':
    case 'usage':
    case 'stop':
      return sandboxOf(question.sandbox)[question.ask]()
    case 'kill':
      return processes.get(question.process)?.kill(question.signal)
  }
}

process.on('message', async (message: ToOwner) => {
  if ('abort' in message) {
    stops.get(message.abort)?.abort(new Error('aborted by the test'))
    return
  }
  const { id, question } = message
  const stop = new AbortController()
  stops.set(id, stop)
  try {
    say({ answer: id, value: await answer(question, stop.signal) })
  } catch (error) {
    const { name, message: text } = error instanceof Error ? error : new Error(String(error))
    const next = error instanceof AssayError ? error.next : undefined
    say({
      answer: id,
      error: { name, message: text, next, end: error instanceof SandboxEnded ? error.end : undefined },
    })
  }
})
process.on('disconnect', () => process.exit(0))
