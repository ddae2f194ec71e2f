import { useEffect, useRef, useState } from 'react'
import { useShortcut } from '../lib/shortcuts.ts'
import { Icon } from './icons.tsx'

interface Props {
  readonly label: string
  readonly value: string
  /** Called a moment after typing stops. */
  readonly onChange: (value: string) => void
}

const settle = 200

/** The search of a list; `/` goes to it, Escape leaves it. */
export const SearchBox = ({ label, value, onChange }: Props) => {
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    setKnown(value)
    setText(value)
  }
  const latest = useRef(onChange)
  useEffect(() => {
    latest.current = onChange
  })
  useEffect(() => {
    if (text === known) return
    const timer = setTimeout(() => {
      setKnown(text)
      latest.current(text)
    }, settle)
    return () => clearTimeout(timer)
  }, [text, known])
  useShortcut('/', label, () => input.current?.focus())
  return (
    <div className="relative min-w-40 flex-1 md:max-w-80">
      <Icon name="search" className="absolute top-2 left-2 size-4 text-muted" />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          // The browser would empty the box as well.
          event.preventDefault()
          event.currentTarget.blur()
        }}
        className="input w-full pl-7.5"
      />
    </div>
  )
}
