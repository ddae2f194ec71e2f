import { z } from 'zod'
import type { Sandbox } from '#bench/sandbox'
import type { Observation } from './contract.ts'
import { insideFolder } from './inside/inside.ts'

/** Where watched processes write down what they do. */
const record = '/tmp/.assay-observed'

const line = z.object({
  kind: z.enum(['file-read', 'file-write', 'process', 'query', 'connect', 'evaluate', 'deserialize']),
  detail: z.string(),
  at: z.number(),
})

/** The environment that makes every Python and Node of an app tell what it does. */
export function watching(environment: Readonly<Record<string, string>>): Record<string, string> {
  const path = environment['PYTHONPATH']
  return {
    ASSAY_OBSERVED: record,
    PYTHONPATH: `${insideFolder}/python${path === undefined ? '' : `:${path}`}`,
    NODE_OPTIONS: `--import ${insideFolder}/observe.js`,
  }
}

/**
 * What the processes in a sandbox were seen to do, in the order they wrote it down. They could lie: it proves what an attack
 * did from outside, not that an app is harmless.
 *
 * @param began epoch milliseconds of the beginning of the launch
 */
export async function observationsIn(sandbox: Sandbox, began: number, since: number): Promise<readonly Observation[]> {
  const content = await sandbox.read(record)
  if (content === undefined) return []
  return content
    .toString()
    .split('\n')
    .flatMap((text): Observation[] => {
      const seen = parsed(text)
      if (seen === undefined || seen.at - began < since) return []
      return [{ kind: seen.kind, detail: seen.detail, at: seen.at - began }]
    })
}

function parsed(text: string): z.infer<typeof line> | undefined {
  if (text === '') return undefined
  try {
    return line.safeParse(JSON.parse(text)).data
  } catch {
    // Cut off, or written by the app itself.
    return undefined
  }
}
