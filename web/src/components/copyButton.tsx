import { useState } from 'react'
import { IconButton } from './button.tsx'
import { Icon } from './icons.tsx'

/** Copies a text and says so for two seconds. Where the clipboard is refused (plain http), the text stays selectable. */
export const CopyButton = ({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) => {
  const [said, setSaid] = useState<string>()
  const say = (word: string) => {
    setSaid(word)
    setTimeout(() => setSaid(undefined), 2_000)
  }
  const copy = () => {
    if (!navigator.clipboard) return say('Select the text to copy it')
    navigator.clipboard.writeText(text).then(
      () => say('Copied'),
      () => say('Select the text to copy it'),
    )
  }
  return (
    <>
      <IconButton label={said ?? label} onClick={copy}>
        <Icon name={said === 'Copied' ? 'check' : 'copy'} />
      </IconButton>
      <span role="status" className="sr-only">
        {said}
      </span>
    </>
  )
}

/** A command to type, ready to copy. */
export const Command = ({ children }: { readonly children: string }) => (
  <span className="inline-flex max-w-full items-center gap-1 rounded border border-line bg-sunken pl-2.5 text-left">
    <code className="mono min-w-0 py-1 break-words whitespace-pre-wrap">{children}</code>
    <CopyButton text={children} label={`Copy command: ${children}`} />
  </span>
)
