import { readFileSync } from 'node:fs'

/** Assay's own version, from package.json beside `src` or `dist`. */
export const version: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version

if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(`${version}\n`)
} else {
  const { run } = await import('./program.ts')
  process.exitCode = await run(process.argv, version)
}
