import type { LoadSecond } from './generator/tally.ts'

const size = { width: 720, height: 280, left: 56, right: 12, top: 28, bottom: 34 }
const right = size.width - size.right
const foot = size.height - size.bottom
/** Lines differ in their dashes, not in colour. */
const lines = [
  { name: 'p50', dash: 'none', value: (second: LoadSecond) => second.p50 },
  { name: 'p95', dash: '6 3', value: (second: LoadSecond) => second.p95 },
  { name: 'p99', dash: '2 3', value: (second: LoadSecond) => second.p99 },
] as const

/**
 * Latency second by second as an SVG picture, on a logarithmic scale, with a mark at the foot of each second in which requests
 * failed.
 */
export function latencyChart(seconds: readonly LoadSecond[]): string {
  const measured = seconds.filter(({ succeeded, failed }) => succeeded + failed > 0)
  const { lowest, highest } = decadesOf(measured)
  const x = (second: number): number => size.left + ((right - size.left) * (second + 0.5)) / Math.max(1, seconds.length)
  const y = (milliseconds: number): number => {
    const share = (Math.log10(Math.max(10 ** lowest, milliseconds)) - lowest) / (highest - lowest)
    return foot - (foot - size.top) * share
  }
  const grid = Array.from({ length: highest - lowest + 1 }, (_, at) => 10 ** (lowest + at)).map((milliseconds) => {
    const at = y(milliseconds)
    return `${line(size.left, right, at, 'stroke-opacity=".2"')}${text(size.left - 6, at + 4, label(milliseconds), 'end')}`
  })
  const curves = lines.map(({ dash, value }) => {
    const points = measured.map((second) => `${place(x(second.second))},${place(y(value(second)))}`).join(' ')
    return `<polyline points="${points}" fill="none" stroke-width="1.5" stroke-dasharray="${dash}"/>`
  })
  const marks = measured.flatMap(({ second, failed }) =>
    failed === 0
      ? []
      : `<path d="M${place(x(second) - 4)} ${foot} h8 l-4 -8 z" fill="currentColor"><title>${failed} failed in second ${second}</title></path>`,
  )
  const legend = lines.map(({ name, dash }, at) => {
    const from = size.left + at * 80
    return `${line(from, from + 28, 14, `stroke-width="1.5" stroke-dasharray="${dash}"`)}${text(from + 34, 18, name)}`
  })
  const axis = text(size.left, foot + 22, '0 s') + text(right, foot + 22, `${seconds.length} s`, 'end')
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="Latency over time"`
  const look = 'color="#555" stroke="currentColor" font-family="system-ui, sans-serif" font-size="12"'
  return `${head} ${look}>\n${[...grid, ...curves, ...marks, ...legend, axis].join('\n')}\n</svg>\n`
}

/** The powers of ten around what was measured, at least one apart. */
function decadesOf(measured: readonly LoadSecond[]): { lowest: number; highest: number } {
  const highest = Math.ceil(Math.log10(Math.max(1, ...measured.map(({ p99 }) => p99))))
  const least = Math.min(1000, ...measured.map(({ p50 }) => Math.max(0.01, p50)))
  return { lowest: Math.min(highest - 1, Math.floor(Math.log10(least))), highest }
}

function line(from: number, to: number, height: number, look: string): string {
  return `<line x1="${from}" x2="${to}" y1="${place(height)}" y2="${place(height)}" ${look}/>`
}

function text(x: number, y: number, words: string, anchor = 'start'): string {
  return `<text x="${place(x)}" y="${place(y)}" text-anchor="${anchor}" stroke="none" fill="currentColor">${words}</text>`
}

function label(milliseconds: number): string {
  return milliseconds >= 1000 ? `${milliseconds / 1000} s` : `${Number(milliseconds.toPrecision(1))} ms`
}

function place(value: number): string {
  return value.toFixed(1)
}
