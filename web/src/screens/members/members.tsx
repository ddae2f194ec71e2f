import { Outlet } from '@tanstack/react-router'
import { PageHeader } from '../../components/pageHeader.tsx'
import { useMay, useSession } from '../../components/session.tsx'
import { TabLinks } from '../../components/tabLinks.tsx'

/** Who may do what here, with which keys, and what was done. */
export const MembersScreen = () => {
  const { workspace } = useSession()
  const admin = useMay('admin')
  return (
    <>
      <PageHeader title="Members and keys" below={workspace.name} />
      <TabLinks
        label="Members and keys"
        tabs={[
          { label: 'Members', link: { to: '/members' } },
          ...(admin
            ? [
                { label: 'Keys', link: { to: '/members/keys' } as const },
                { label: 'Audit', link: { to: '/members/audit' } as const },
              ]
            : []),
        ]}
      />
      <div className="pt-3">
        <Outlet />
      </div>
    </>
  )
}
