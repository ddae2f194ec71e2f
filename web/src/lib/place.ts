import type { Place } from '../api/types.ts'

/** `backend/app.py:42`, or `GET /api/todos (owner)`. */
export const placeText = (place: Place): string => {
  if (place.kind === 'endpoint') {
    return `${place.method} ${place.url}${place.parameter ? ` (${place.parameter})` : ''}`
  }
  return place.region ? `${place.path}:${place.region.startLine}` : place.path
}
