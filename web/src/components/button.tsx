import type { ComponentProps, ReactNode } from 'react'

const looks = {
  primary: 'bg-accent text-accent-ink border-accent hover:opacity-90',
  plain: 'bg-surface text-ink border-edge hover:bg-hover',
  quiet: 'bg-transparent text-ink border-transparent hover:bg-hover',
  danger: 'bg-surface text-danger border-danger hover:bg-danger-soft',
} as const

type ButtonProps = Omit<ComponentProps<'button'>, 'className'> & {
  readonly look?: keyof typeof looks
  readonly busy?: boolean
}

/** The classes of a button, for links that look like one. */
export const buttonClass = (look: keyof typeof looks = 'plain'): string =>
  `inline-flex h-8 shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded border px-3 text-base font-medium no-underline disabled:opacity-50 aria-disabled:opacity-50 ${looks[look]}`

export const Button = ({ look = 'plain', busy = false, type = 'button', disabled, children, ...rest }: ButtonProps) => (
  <button type={type} {...rest} disabled={disabled || busy} aria-busy={busy} className={buttonClass(look)}>
    {children}
  </button>
)

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'className'> {
  readonly label: string
  readonly children: ReactNode
}

/** A square button that shows only a glyph; `label` is its name. */
export const IconButton = ({ label, type = 'button', children, ...rest }: IconButtonProps) => (
  <button
    type={type}
    {...rest}
    aria-label={label}
    title={label}
    className="inline-flex size-8 shrink-0 items-center justify-center rounded text-muted hover:bg-hover hover:text-ink"
  >
    {children}
  </button>
)
