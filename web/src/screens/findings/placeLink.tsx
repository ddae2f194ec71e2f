import { Link } from '@tanstack/react-router'
import type { Place } from '../../api/types.ts'
import { placeText } from '../../lib/place.ts'

/** Where something is: a link into the code, or an endpoint as text. */
export const PlaceLink = ({
  appId,
  studyId,
  place,
}: {
  readonly appId: string
  readonly studyId: string
  readonly place: Place
}) =>
  place.kind === 'endpoint' ? (
    <code className="mono break-all">{placeText(place)}</code>
  ) : (
    <Link
      to="/apps/$appId/code"
      params={{ appId }}
      search={{ path: place.path, study: studyId, ...(place.region ? { line: place.region.startLine } : {}) }}
      className="mono link break-all"
    >
      {placeText(place)}
    </Link>
  )
