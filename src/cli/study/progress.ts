import { columnsOf, padded, visible } from '#bench/reports'
import type { Progress } from '#bench/studies'
import { duration, grouped } from '../output.ts'
import type { Screen } from '../terminal.ts'

/** Milliseconds between two drawings, for a person. */
const redrawMs = 100
/** Milliseconds between two lines, for a log. */
const lineMs = 10_000
const widestBar = 24
const narrowestBar = 6

/** Shows how a study comes along. */
export interface ProgressDisplay extends Disposable {
  show(progress: Progress): void
}

/** Draws on a screen that is watched; elsewhere writes a line now and then. Clears itself when disposed. */
export function progressDisplay(name: string, screen: Screen, now: () => number = Date.now): ProgressDisplay {
  const started = now()
  let latest: Progress | undefined
  const tick = screen.watched
    ? (): void => {
        if (latest !== undefined) screen.draw(progressBlock(latest, now() - started, screen.columns, screen.rows - 2))
      }
    : (): void => {
        if (latest !== undefined) screen.note(`${visible(name)}: ${overallLine(latest, now() - started)}\n`)
      }
  const timer = setInterval(tick, screen.watched ? redrawMs : lineMs)
  return {
    show(progress) {
      latest = progress
    },
    [Symbol.dispose]() {
      clearInterval(timer)
      screen.clear()
    },
  }
}

/** One line for each analyzer and one for all; of too many analyzers, those at work come first. */
export function progressBlock(progress: Progress, elapsedMs: number, columns: number, rows: number): string[] {
  const room = Math.max(1, rows - 2)
  const busy = (one: Progress['perAnalyzer'][number]): number =>
    one.finished === one.total ? 2 : one.active > 0 ? 0 : 1
  const fits = progress.perAnalyzer.length <= room
  const shown = fits
    ? progress.perAnalyzer
    : progress.perAnalyzer.toSorted((a, b) => busy(a) - busy(b)).slice(0, Math.max(0, room - 1))
  const names = shown.reduce((width, { analyzer }) => Math.max(width, columnsOf(visible(analyzer))), 0)
  const digits = 2 * grouped(progress.total).length + 1
  const bar = Math.max(narrowestBar, Math.min(widestBar, columns - names - digits - 30))
  const lines = shown.map(({ analyzer, total, finished, active, medianMs }) => {
    const counts = `${grouped(finished)}/${grouped(total)}`.padStart(digits)
    const median = medianMs === null ? '' : milliseconds(medianMs)
    const running = active > 0 ? `  ${active} running` : ''
    return `${padded(visible(analyzer), names)}  ${barOf(finished, total, bar)}  ${counts}  ${median.padStart(8)}${running}`
  })
  const hidden = progress.perAnalyzer.length - shown.length
  return [...lines, ...(hidden > 0 ? [`… ${hidden} more analyzers`] : []), overallLine(progress, elapsedMs)]
}

/** `123 of 900 analyses, 12.3/s, about 1 min left, 10 from cache, 2 failed (12 s)`. */
export function overallLine(progress: Progress, elapsedMs: number): string {
  const { total, finished, cached, byOutcome, throughputPerSecond } = progress
  const failed = byOutcome.error + byOutcome.timed_out
  return [
    `${grouped(finished)} of ${grouped(total)} analyses`,
    ...(throughputPerSecond === null ? [] : [`${throughputPerSecond.toFixed(1)}/s`]),
    estimate(progress),
    ...(cached > 0 ? [`${grouped(cached)} from cache`] : []),
    ...(failed > 0 ? [`${grouped(failed)} failed`] : []),
    `${wholeSeconds(elapsedMs)} so far`,
  ].join(', ')
}

/** What is left, no finer than it is known. */
function estimate({ total, finished, etaSeconds }: Progress): string {
  if (finished === total) return 'putting findings together'
  if (etaSeconds === null) return 'no estimate yet'
  if (etaSeconds < 8) return 'a few seconds left'
  if (etaSeconds < 55) return `about ${Math.ceil(etaSeconds / 5) * 5} s left`
  if (etaSeconds < 3600) return `about ${Math.ceil(etaSeconds / 60)} min left`
  return `about ${(etaSeconds / 3600).toFixed(1)} h left`
}

/** Without tenths, which would have every line drawn again ten times a second. */
function wholeSeconds(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1000)
  return seconds < 10 ? `${seconds} s` : duration(seconds)
}

function barOf(finished: number, total: number, width: number): string {
  const full = total === 0 ? width : Math.floor((finished / total) * width)
  return '█'.repeat(full) + '░'.repeat(width - full)
}

function milliseconds(value: number): string {
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`
}
