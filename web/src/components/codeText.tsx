import type { Token } from '../lib/highlight.ts'

/** The tokens of one line as text with colours. */
export const CodeText = ({ tokens }: { readonly tokens: readonly Token[] }) => (
  <>
    {tokens.map((token, index) =>
      token.kind === '' ? (
        token.text
      ) : (
        // biome-ignore lint/suspicious/noArrayIndexKey: tokens of a line never move
        <span key={index} className={`t-${token.kind}`}>
          {token.text}
        </span>
      ),
    )}
  </>
)
