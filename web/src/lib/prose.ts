export interface ProsePart {
  readonly kind: 'text' | 'code'
  readonly text: string
}

/** Splits a sentence at its backticks. One without a partner is a character like any other. */
export const proseParts = (sentence: string): readonly ProsePart[] => {
  const pieces = sentence.split('`')
  const last = pieces.length - 1
  const parts: ProsePart[] = []
  for (const [index, text] of pieces.entries()) {
    const isCode = index % 2 === 1
    if (isCode && index === last) parts.push({ kind: 'text', text: `\`${text}` })
    else if (isCode && text === '') parts.push({ kind: 'text', text: '``' })
    else if (text !== '') parts.push({ kind: isCode ? 'code' : 'text', text })
  }
  return parts
}
