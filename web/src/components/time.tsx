import { ago, timestamp } from '../lib/format.ts'
import { useNow } from '../lib/useNow.ts'

/** How long ago; the exact time on hover and for machines. */
export const Ago = ({ at }: { readonly at: string }) => (
  <time dateTime={at} title={timestamp(at)} className="whitespace-nowrap">
    {ago(at, useNow())}
  </time>
)
