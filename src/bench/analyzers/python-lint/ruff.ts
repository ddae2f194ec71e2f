import { createRequire } from 'node:module'
import { z } from 'zod'
import { messageOf } from '#platform/errors'

const positionSchema = z.object({ row: z.int(), column: z.int() })
const diagnosticsSchema = z.array(
  z.object({
    code: z.string().nullable(),
    message: z.string(),
    start_location: positionSchema,
    end_location: positionSchema,
  }),
)
/** One thing ruff reports; rows and columns (UTF-16 units) count from 1, the end is exclusive. */
export type Diagnostic = z.infer<typeof diagnosticsSchema>[number]

export interface Ruff {
  /**
   * Everything ruff reports about a Python file.
   * @throws RuffFailure when ruff itself fails on the file
   */
  check(source: string): Diagnostic[]
}

/** Ruff broke down on one file (code nested thousands of levels deep overflows its stack); the next one is fine again. */
export class RuffFailure extends Error {}

const packageName = '@astral-sh/ruff-wasm-nodejs'
const require = createRequire(import.meta.url)
const loaded = new Map<string, Ruff>()

/**
 * Ruff with exactly the rules of the given codes, whatever the app's own configuration says. Loaded once per process
 * (10 MB of WebAssembly, 0.2 s).
 */
export function ruff(codes: readonly string[]): Ruff {
  const key = codes.join()
  const known = loaded.get(key)
  if (known !== undefined) return known

  let workspace = open(codes)
  const instance: Ruff = {
    check(source) {
      try {
        return diagnosticsSchema.parse(workspace.check(source))
      } catch (cause) {
        if (cause instanceof z.ZodError) throw cause
        // A trap leaves the memory of the WebAssembly instance in an unknown state: start afresh.
        abandon(workspace)
        delete require.cache[require.resolve(packageName)]
        workspace = open(codes)
        throw new RuffFailure(`ruff failed: ${messageOf(cause)}`, { cause })
      }
    },
  }
  loaded.set(key, instance)
  return instance
}

/**
 * Takes a workspace from the garbage collector's hands: freeing it would run code on the broken memory, outside of
 * any call that could catch the failure.
 */
function abandon(workspace: object): void {
  if ('__destroy_into_raw' in workspace && typeof workspace.__destroy_into_raw === 'function') {
    workspace.__destroy_into_raw()
  }
}

type RuffModule = typeof import('@astral-sh/ruff-wasm-nodejs')

function open(codes: readonly string[]): InstanceType<RuffModule['Workspace']> {
  const { PositionEncoding, Workspace }: RuffModule = require(packageName)
  return new Workspace({ 'target-version': 'py313', lint: { select: codes } }, PositionEncoding.Utf16)
}
