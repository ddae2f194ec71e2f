import { Popover } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { count } from '../lib/format.ts'
import { Button } from './button.tsx'
import { Icon } from './icons.tsx'

export interface FilterOption {
  readonly value: string
  readonly label: string
  readonly mark?: ReactNode
  /** How many rows it would leave. */
  readonly count?: number
}

interface Props {
  readonly label: string
  readonly options: readonly FilterOption[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
  /** Only one can be chosen at a time. */
  readonly single?: boolean
  /** Called when the menu opens, for options that are fetched then. */
  readonly onOpen?: () => void
  readonly loading?: boolean
  /** By default that of a filter that is set when something is chosen. */
  readonly look?: 'plain' | 'quiet'
}

/** A button that opens a list of check boxes; long lists can be searched. */
export const FilterMenu = ({
  label,
  options,
  chosen,
  onChange,
  single = false,
  onOpen,
  loading = false,
  look = chosen.length > 0 ? 'plain' : 'quiet',
}: Props) => {
  const [search, setSearch] = useState('')
  const wanted = search.toLowerCase()
  const shown = options.filter((option) => option.label.toLowerCase().includes(wanted)).slice(0, 200)
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((item) => item !== value) : single ? [value] : [...chosen, value])
  return (
    <Popover.Root
      onOpenChange={(open) => {
        setSearch('')
        if (open) onOpen?.()
      }}
    >
      <Popover.Trigger asChild>
        <Button look={look}>
          {label}
          {chosen.length > 0 && look === 'plain' ? (
            <span className="max-w-32 truncate font-normal text-accent">{summary(options, chosen)}</span>
          ) : null}
          <Icon name="down" className="size-3" />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className="panel z-50 flex max-h-96 w-72 flex-col overflow-hidden shadow-xl"
        >
          {options.length > 10 ? (
            <input
              aria-label={`Search ${label}`}
              placeholder={`Search ${label.toLowerCase()}`}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
              className="input m-2"
            />
          ) : null}
          <fieldset className="min-h-0 flex-1 overflow-y-auto py-1">
            <legend className="sr-only">{label}</legend>
            {shown.map((option) => (
              <label key={option.value} className="flex items-center gap-2 px-3 py-1.5 hover:bg-hover">
                <input
                  type="checkbox"
                  checked={chosen.includes(option.value)}
                  onChange={() => toggle(option.value)}
                  className="accent-accent"
                />
                {option.mark}
                <span className="min-w-0 flex-1 truncate">{option.label}</span>
                {option.count === undefined ? null : <span className="text-sm text-muted">{count(option.count)}</span>}
              </label>
            ))}
            {shown.length === 0 ? (
              <p role="status" className="px-3 py-2 text-muted">
                {loading ? 'Counting…' : 'Nothing to choose'}
              </p>
            ) : null}
          </fieldset>
          {look === 'plain' && chosen.length > 0 ? (
            <div className="border-t border-line p-1">
              <Button look="quiet" onClick={() => onChange([])}>
                Clear
              </Button>
            </div>
          ) : null}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

const summary = (options: readonly FilterOption[], chosen: readonly string[]): string => {
  const [first] = chosen
  const label = options.find((option) => option.value === first)?.label ?? first ?? ''
  return chosen.length > 1 ? `${label} +${chosen.length - 1}` : label
}
