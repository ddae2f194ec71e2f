import { Fragment } from 'react'
import { proseParts } from '../lib/prose.ts'

/** A sentence of an analyzer: what stands between backticks is shown as code, everything else as it is. */
export const Prose = ({ text }: { readonly text: string }) => (
  <>
    {proseParts(text).map(({ kind, text: part }, index) =>
      kind === 'code' ? (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never move
        <code key={index} className="mono rounded bg-sunken px-1 [overflow-wrap:anywhere]">
          {part}
        </code>
      ) : (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never move
        <Fragment key={index}>{part}</Fragment>
      ),
    )}
  </>
)
