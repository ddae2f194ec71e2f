/** How numbers, durations and times are written everywhere; English, with a thin unit after the figure. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const twoDigits = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** `12,345` */
export const count = (value: number): string => whole.format(value)

/** `1 app`, `12 apps` */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`

/** A rate per KLOC: two digits under 10, one above, so that columns stay comparable. */
export const density = (value: number): string => (Math.abs(value) < 10 ? twoDigits : oneDigit).format(value)

/** A signed difference with a real minus: `+1.20`, `−4.20`. */
export const signed = (value: number): string => {
  const text = density(Math.abs(value))
  return value < 0 ? `−${text}` : value > 0 ? `+${text}` : text
}

/** A probability: `<0.001`, `0.030`, `0.30`. */
export const probability = (value: number): string =>
  value < 0.001 ? '<0.001' : value < 0.1 ? value.toFixed(3) : value.toFixed(2)

/** Milliseconds: `840 ms`, `2.4 s`, `3 min 20 s`, `2 h 5 min`. */
export const duration = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${oneDigit.format(ms / 1000)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return joined(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(minutes / 60)
  return joined(Math.floor(hours / 24), 'd', hours % 24, 'h')
}
const joined = (major: number, majorUnit: string, minor: number, minorUnit: string): string =>
  minor === 0 ? `${major} ${majorUnit}` : `${major} ${majorUnit} ${minor} ${minorUnit}`

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Bytes: `512 B`, `48.2 MiB`. */
export const bytes = (value: number): string => {
  let size = value
  let unit = 0
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${unit === 0 ? whole.format(size) : oneDigit.format(size)} ${units[unit] ?? 'B'}`
}

/** How long ago, roughly: `now`, `5 min ago`, `3 d ago`. A time ahead of `now` (a clock that is off) is `now`. */
export const ago = (iso: string, now: number): string => {
  const seconds = Math.floor((now - Date.parse(iso)) / 1000)
  if (seconds < 10) return 'now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return `${count(Math.floor(seconds / 86_400))} d ago`
}

/** `2026-11-20 08:00` in UTC: the exact time behind {@link ago}. */
export const timestamp = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`

/** A share in whole percent that says neither 0 % nor 100 % unless it is so: 1 of 1,000 is `<1 %`. */
export const share = (part: number, total: number): string => {
  if (total === 0) return '–'
  if (part === 0) return '0 %'
  if (part === total) return '100 %'
  const percent = Math.round((100 * part) / total)
  return percent === 0 ? '<1 %' : percent === 100 ? '>99 %' : `${percent} %`
}

/** `not_applicable` → `not applicable` */
export const words = (name: string): string => name.replaceAll('_', ' ')

/** `high` → `High` */
export const capital = (name: string): string => name.charAt(0).toUpperCase() + words(name).slice(1)
