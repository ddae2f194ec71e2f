import { getRouteApi } from '@tanstack/react-router'
import { PageHeader } from '../../components/pageHeader.tsx'
import { FindingsBrowser } from './findingsBrowser.tsx'

const route = getRouteApi('/findings')

/** All findings of the workspace. */
export const Findings = () => {
  const filters = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <>
      <PageHeader title="Findings" />
      <FindingsBrowser filters={filters} onChange={(search) => void navigate({ search, replace: true })} />
    </>
  )
}
