import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { appQuery } from '../../api/apps.ts'
import { FindingsBrowser } from '../findings/findingsBrowser.tsx'

const route = getRouteApi('/apps/$appId/findings')

/** The findings of one app, in the latest study that holds it unless another is chosen. */
export const AppFindings = () => {
  const { appId } = route.useParams()
  const filters = route.useSearch()
  const navigate = route.useNavigate()
  const app = useQuery(appQuery(appId))
  if (!app.data) return null
  // Without one study, a defect would stand in the list once for each that saw it.
  const study = filters.study ?? app.data.studies[0]?.id
  return (
    <FindingsBrowser
      filters={{ ...filters, app: appId, ...(study === undefined ? {} : { study }) }}
      fixed={['app', 'model']}
      onChange={({ app: _app, ...rest }) => void navigate({ search: rest, replace: true })}
    />
  )
}
