import { useEffect, useRef, useSyncExternalStore } from 'react'

/** One keyboard command: `keys` is a key (`j`, `?`, `/`) or a sequence with spaces (`g s`). */
export interface Shortcut {
  readonly keys: string
  readonly label: string
  readonly run: () => void
}

/**
 * Adds a key to what was typed and says what it means: a shortcut is complete, one may be coming (`waiting` holds the keys
 * so far), or neither.
 */
export const feed = (
  waiting: string,
  key: string,
  known: readonly string[],
): { readonly matched?: string; readonly waiting: string } => {
  const attempts = waiting === '' ? [key] : [`${waiting} ${key}`, key]
  for (const attempt of attempts) {
    if (known.includes(attempt)) return { matched: attempt, waiting: '' }
    if (known.some((keys) => keys.startsWith(`${attempt} `))) return { waiting: attempt }
  }
  return { waiting: '' }
}

// The registry lives outside React: one listener on the window serves whatever is mounted. The latest of equal keys wins.
let registered: readonly Shortcut[] = []
const listeners = new Set<() => void>()
const change = (next: readonly Shortcut[]) => {
  registered = next
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** The shortcuts of what is on screen now, for the help. */
export const useShortcutList = (): readonly Shortcut[] => useSyncExternalStore(subscribe, () => registered)

/** Makes a shortcut work while the component is mounted. */
export const useShortcut = (keys: string, label: string, run: () => void): void => {
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  useEffect(() => {
    const shortcut: Shortcut = { keys, label, run: () => latest.current() }
    change([...registered, shortcut])
    return () => change(registered.filter((candidate) => candidate !== shortcut))
  }, [keys, label])
}

const setting = 'assay.shortcuts'
/** Single-key shortcuts can be switched off (WCAG 2.1.4). */
export const shortcutsOn = (): boolean => localStorage.getItem(setting) !== 'off'
export const switchShortcuts = (on: boolean): void => localStorage.setItem(setting, on ? 'on' : 'off')

/** Listens to the keyboard for all registered shortcuts; to be mounted once. */
export const useShortcutListener = (): void => {
  useEffect(() => {
    let waiting = ''
    let timer: ReturnType<typeof setTimeout> | undefined
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (!shortcutsOn() || isTyping(event.target) || document.querySelector('[role="dialog"][data-state="open"]'))
        return
      const result = feed(
        waiting,
        event.key,
        registered.map(({ keys }) => keys),
      )
      waiting = result.waiting
      clearTimeout(timer)
      timer = setTimeout(() => {
        waiting = ''
      }, 1_200)
      if (result.matched === undefined) return
      event.preventDefault()
      registered.findLast(({ keys }) => keys === result.matched)?.run()
    }
    window.addEventListener('keydown', onKey)
    return () => {
      window.removeEventListener('keydown', onKey)
      clearTimeout(timer)
    }
  }, [])
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))

/** j and k move the focus along the elements marked `data-row-link` inside a container. */
export const useRowKeys = (container: { readonly current: HTMLElement | null }): void => {
  const step = (by: 1 | -1) => {
    const rows = [...(container.current?.querySelectorAll<HTMLElement>('[data-row-link]') ?? [])]
    const active = document.activeElement
    const row = active?.closest('tr, li')
    const at = rows.findIndex((link) => link === active || row?.contains(link))
    const next = rows[at === -1 ? (by === 1 ? 0 : rows.length - 1) : at + by]
    next?.focus()
    next?.scrollIntoView({ block: 'nearest' })
  }
  useShortcut('j', 'Next row', () => step(1))
  useShortcut('k', 'Previous row', () => step(-1))
}
