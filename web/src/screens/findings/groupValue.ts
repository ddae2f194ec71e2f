import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { appsQuery } from '../../api/apps.ts'
import type { GroupBy } from '../../api/findings.ts'

/**
 * Turns the key of a group into the value its filter takes: apps are grouped by name but asked for by id (that of the
 * newest import). Undefined for the group of what has no value, which cannot be asked for.
 */
export const useGroupValue = (by: GroupBy): ((key: string) => string | undefined) => {
  const apps = useQuery({ ...appsQuery, enabled: by === 'app' })
  return useMemo(() => {
    if (by !== 'app') return (key: string) => (key === '' || key === 'none' ? undefined : key)
    const ids = new Map<string, string>()
    for (const app of (apps.data ?? []).toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))) {
      ids.set(app.name, app.id)
      ids.set(app.id, app.id)
    }
    return (key: string) => ids.get(key)
  }, [by, apps.data])
}
