import { getRouteApi } from '@tanstack/react-router'
import { FindingsBrowser } from '../findings/findingsBrowser.tsx'

const route = getRouteApi('/studies/$studyId/findings')

/** The findings of one study. */
export const StudyFindings = () => {
  const { studyId } = route.useParams()
  const filters = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <FindingsBrowser
      filters={{ ...filters, study: studyId }}
      fixed={['study']}
      onChange={({ study: _study, ...rest }) => void navigate({ search: rest, replace: true })}
    />
  )
}
