import type { ReactNode } from 'react'

/** The title of a screen, what stands under it, and its actions; also names the browser's tab. */
export const PageHeader = ({
  title,
  above,
  below,
  actions,
}: {
  readonly title: string
  readonly above?: ReactNode
  readonly below?: ReactNode
  readonly actions?: ReactNode
}) => (
  <header className="mb-3 flex flex-wrap items-start gap-x-4 gap-y-2">
    <title>{`${title} · Assay`}</title>
    <div className="min-w-0 flex-1 basis-64">
      {above ? <div className="label mb-0.5 [overflow-wrap:anywhere]">{above}</div> : null}
      <h1 className="text-xl [overflow-wrap:anywhere]">{title}</h1>
      {below ? <div className="text-muted [overflow-wrap:anywhere]">{below}</div> : null}
    </div>
    {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
  </header>
)
