import { visible } from '#bench/reports'
import { replaySchema } from '#bench/studies'
import { connect } from '../connection.ts'
import { exitCodes } from '../exit.ts'
import { print, printJson } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { screen } from '../terminal.ts'
import { requireFindingId } from './run-findings.ts'

const verdicts = {
  proven: 'The attack succeeds again',
  not_proven: 'The attack does not succeed now',
  error: 'The attack could not be made',
} as const
const codes = { proven: exitCodes.findings, not_proven: exitCodes.clean, error: exitCodes.unmeasured } as const

/** Runs `assay replay` and returns the exit code. */
export async function runReplay(id: string, flags: { readonly json?: true }, context: CommandContext): Promise<number> {
  requireFindingId(id)
  await using connection = await connect(context)
  screen.draw(['Starting the app and attacking it …'])
  const replay = await connection.post(replaySchema, `/findings/${id}/replay`).finally(() => screen.clear())
  if (flags.json) printJson(replay)
  else {
    print(`${verdicts[replay.outcome]}: ${visible(replay.reason)}\n`)
    for (const { purpose, request, response } of replay.exchanges) {
      const answer = response === undefined ? 'no answer' : String(response.status)
      print(`  ${request.method} ${visible(request.url)}  ${answer}  ${visible(purpose)}\n`)
    }
    for (const sentence of replay.observed) print(`  ${visible(sentence)}\n`)
  }
  return codes[replay.outcome]
}
