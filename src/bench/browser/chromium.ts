import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { SandboxMount } from '#bench/sandbox'
import { BrowserUnavailable } from './errors.ts'

/** A browser of this machine. */
export interface Chromium {
  /** The program itself: start scripts of distributions read settings a sandbox does not have. */
  readonly executable: string
  /** What the sandbox has to be shown besides the system's own folders. */
  readonly mounts: readonly SandboxMount[]
}

/** Where distributions and Google put the program, the free one first. */
const places: readonly string[] = [
  '/usr/lib/chromium/chromium',
  '/usr/lib64/chromium-browser/chromium-browser',
  '/usr/lib/chromium-browser/chromium-browser',
  '/usr/lib64/chromium/chromium',
  '/opt/google/chrome/chrome',
  '/opt/chromium.org/chromium/chrome',
]

/**
 * The Chromium or Chrome of this machine; `CHROMIUM_PATH` names one that lies elsewhere. Nothing is ever downloaded.
 * @throws BrowserUnavailable when there is none
 */
export function findChromium(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  known = places,
): Chromium {
  const named = environment['CHROMIUM_PATH']
  const executable = [...(named ? [named] : []), ...known].find(isProgram)
  if (executable === undefined) {
    throw new BrowserUnavailable('There is no Chromium on this machine.', {
      next: 'Install it (apt-get install chromium, dnf install chromium), or name the program in CHROMIUM_PATH.',
    })
  }
  const real = realpathSync(executable)
  const folder = dirname(real)
  return { executable: real, mounts: real.startsWith('/usr/') ? [] : [{ from: folder, to: folder }] }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    // Missing or not for us: the next place.
    return false
  }
}
