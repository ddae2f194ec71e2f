import type { LoadSecond } from './generator/tally.ts'

const size = { width: 720, height: 280, left: 56, right: 12, top: 28, bottom: 34 }
const lines = [
  { name: 'p50', dash: '', value: (second: LoadSecond) => second.p50 },
  { name: 'p95', dash: '6 3', value: (second: LoadSecond) => second.p95 },
  { name: 'p99', dash: '2 3', value: (second: LoadSecond) => second.p99 },
] as const

/**
 * Latency second by second as an SVG picture, on a logarithmic scale, with a mark at the foot of each second in which requests
 * failed. Lines differ in their dashes, not in colour.
 */
export function latencyChart(seconds: readonly LoadSecond[]): string {
  const measured = seconds.filter(({ succeeded, failed }) => succeeded + failed > 0)
  const highest = decade(Math.max(1, ...measured.map(({ p99 }) => p99)), Math.ceil)
  const lowest = Math.min(
    highest - 1,
    decade(Math.min(1000, ...measured.map(({ p50 }) => Math.max(0.01, p50))), Math.floor),
  )
  const inner = { width: size.width - size.left - size.right, height: size.height - size.top - size.bottom }
  const x = (second: number): number => size.left + (inner.width * (second + 0.5)) / Math.max(1, seconds.length)
  const y = (milliseconds: number): number => {
    const share = (Math.log10(Math.max(10 ** lowest, milliseconds)) - lowest) / (highest - lowest)
    return size.top + inner.height * (1 - share)
  }
  const grid = Array.from({ length: highest - lowest + 1 }, (_, at) => 10 ** (lowest + at)).map(
    (milliseconds) =>
      `<line x1="${size.left}" x2="${size.width - size.right}" y1="${n(y(milliseconds))}" y2="${n(y(milliseconds))}" stroke-opacity=".2"/>` +
      `<text x="${size.left - 6}" y="${n(y(milliseconds) + 4)}" text-anchor="end">${label(milliseconds)}</text>`,
  )
  const paths = lines.map(({ dash, value }) => {
    const points = measured.map((second) => `${n(x(second.second))},${n(y(value(second)))}`).join(' ')
    return `<polyline points="${points}" fill="none" stroke-width="1.5"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}/>`
  })
  const failed = measured
    .filter((second) => second.failed > 0)
    .map(({ second, failed: count }) => {
      const at = x(second)
      const foot = size.height - size.bottom
      return `<path d="M${n(at - 4)} ${foot} h8 l-4 -8 z" fill="currentColor"><title>${count} failed in second ${second}</title></path>`
    })
  const legend = lines.map(({ name, dash }, at) => {
    const from = size.left + at * 80
    return `<line x1="${from}" x2="${from + 28}" y1="14" y2="14"${dash === '' ? '' : ` stroke-dasharray="${dash}"`} stroke-width="1.5"/><text x="${from + 34}" y="18">${name}</text>`
  })
  const foot = size.height - 12
  const axis = `<text x="${size.left}" y="${foot}">0 s</text><text x="${size.width - size.right}" y="${foot}" text-anchor="end">${seconds.length} s</text>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="Latency over time" color="#555" stroke="currentColor" font-family="system-ui, sans-serif" font-size="12"><g>${grid.join('').replaceAll('<text', '<text stroke="none" fill="currentColor"')}</g><g>${paths.join('')}${failed.join('')}</g><g>${legend.join('').replaceAll('<text', '<text stroke="none" fill="currentColor"')}${axis.replaceAll('<text', '<text stroke="none" fill="currentColor"')}</g></svg>\n`
}

function decade(milliseconds: number, round: (value: number) => number): number {
  return round(Math.log10(milliseconds))
}

function label(milliseconds: number): string {
  return milliseconds >= 1000 ? `${milliseconds / 1000} s` : `${Number(milliseconds.toPrecision(1))} ms`
}

function n(value: number): string {
  return value.toFixed(1)
}
