import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Outlet } from '@tanstack/react-router'
import { appQuery } from '../../api/apps.ts'
import { buttonClass } from '../../components/button.tsx'
import { Loading, ProblemPanel } from '../../components/notices.tsx'
import { PageHeader } from '../../components/pageHeader.tsx'
import { useMay } from '../../components/session.tsx'
import { TabLinks } from '../../components/tabLinks.tsx'
import { plural } from '../../lib/format.ts'

const route = getRouteApi('/apps/$appId')

/** One app: what it is made of, its code, its findings. */
export const AppScreen = () => {
  const { appId } = route.useParams()
  const app = useQuery(appQuery(appId))
  const mayStudy = useMay('analyst')
  if (app.error && !app.data) return <ProblemPanel screen error={app.error} retry={() => void app.refetch()} />
  if (!app.data) return <Loading what="app" />
  const { data } = app
  const params = { appId }
  return (
    <>
      <PageHeader
        title={data.name}
        above={
          <Link to="/apps" className="link">
            Apps
          </Link>
        }
        below={[
          data.model ? `by ${data.model}` : undefined,
          data.spec ? `for ${data.spec}` : undefined,
          data.stack.join(', '),
          plural(data.files, 'file'),
          plural(data.lines, 'line'),
        ]
          .filter(Boolean)
          .join(' · ')}
        actions={
          mayStudy ? (
            <Link to="/studies" search={{ new: true, apps: [data.id] }} className={buttonClass()}>
              Study this app
            </Link>
          ) : null
        }
      />
      <TabLinks
        label="App"
        tabs={[
          { label: 'Overview', link: { to: '/apps/$appId', params } },
          { label: 'Code', link: { to: '/apps/$appId/code', params } },
          { label: 'Findings', link: { to: '/apps/$appId/findings', params } },
        ]}
      />
      <div className="pt-3">
        <Outlet />
      </div>
    </>
  )
}
