/** Before the browser tests (Vitest's globalSetup): a server with a finished starter study, where there is a Chromium. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { starterStudyFinished, startServer } from './server.ts'

const root = join(import.meta.dirname, '../..')

export default async function startServerUnderTest(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['ASSAY_E2E_URL']) return undefined
  const chromium = findChromium()
  const missing =
    chromium === undefined
      ? 'Chromium not found'
      : existsSync(join(root, 'web/dist/index.html'))
        ? undefined
        : "the web app is not built; run 'sh bin/prepare'"
  if (missing !== undefined || chromium === undefined) {
    process.env['ASSAY_E2E_MISSING'] = missing
    return undefined
  }
  process.env['CHROMIUM_PATH'] = chromium
  const { url, stop } = await startServer({ flags: ['--starter'] })
  try {
    await starterStudyFinished(url)
    process.env['ASSAY_E2E_URL'] = url
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}

function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH']
  if (named) return named
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path))
}
