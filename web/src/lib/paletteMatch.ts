/** The entries whose label holds every word typed, those that begin with the text first; all of them for no text. */
export const matching = <T extends { readonly label: string }>(entries: readonly T[], text: string): readonly T[] => {
  const typed = text.trim().toLowerCase()
  if (typed === '') return entries
  const parts = typed.split(/\s+/)
  const held = entries.filter(({ label }) => {
    const lower = label.toLowerCase()
    return parts.every((part) => lower.includes(part))
  })
  const begins = ({ label }: T) => label.toLowerCase().startsWith(typed)
  return [...held.filter(begins), ...held.filter((entry) => !begins(entry))]
}
