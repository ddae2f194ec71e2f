import type { ReactNode } from 'react'

/** A titled panel of the app's overview. */
export const Section = ({
  title,
  note,
  children,
}: {
  readonly title: string
  readonly note?: string
  readonly children: ReactNode
}) => (
  <section className="panel min-w-0 p-4">
    <h2 className="mb-2 flex items-baseline gap-2 text-lg">
      {title}
      {note ? <span className="label font-normal">{note}</span> : null}
    </h2>
    {children}
  </section>
)
