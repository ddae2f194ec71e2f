import { useSyncExternalStore } from 'react'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const setting = 'assay.theme'
const listeners = new Set<() => void>()
const stored = (): Theme => themes.find((theme) => theme === localStorage.getItem(setting)) ?? 'system'
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Applies a theme now and on later visits; public/theme.js applies it before the first paint. */
export const chooseTheme = (theme: Theme): void => {
  localStorage.setItem(setting, theme)
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  for (const listener of listeners) listener()
}

/** The chosen theme. */
export const useTheme = (): Theme => useSyncExternalStore(subscribe, stored)
