import { getRouteApi } from '@tanstack/react-router'
import { FindingsBrowser } from '../findings/findingsBrowser.tsx'

const route = getRouteApi('/apps/$appId/findings')

/** The findings of one app. */
export const AppFindings = () => {
  const { appId } = route.useParams()
  const filters = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <FindingsBrowser
      filters={{ ...filters, app: appId }}
      fixed={['app', 'model']}
      onChange={({ app: _app, ...rest }) => void navigate({ search: rest, replace: true })}
    />
  )
}
