import { Link, type LinkProps } from '@tanstack/react-router'
import { count } from '../lib/format.ts'

export interface TabLink {
  readonly label: string
  readonly link: LinkProps
  readonly count?: number
}

/** Tabs that are addresses. */
export const TabLinks = ({ label, tabs }: { readonly label: string; readonly tabs: readonly TabLink[] }) => (
  <nav aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line">
    {tabs.map((tab) => (
      <Link
        key={tab.label}
        {...tab.link}
        activeOptions={{ exact: true, includeSearch: false }}
        className="-mb-px border-b-2 px-3 py-2 whitespace-nowrap no-underline focus-visible:-outline-offset-2"
        activeProps={{ className: 'border-accent font-medium' }}
        inactiveProps={{ className: 'border-transparent text-muted hover:text-ink' }}
      >
        {tab.label}
        {tab.count === undefined ? null : (
          <span className="ml-1.5 text-sm font-normal text-muted">{count(tab.count)}</span>
        )}
      </Link>
    ))}
  </nav>
)
