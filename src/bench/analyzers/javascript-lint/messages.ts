/** Where oxlint says what it expected, what is there instead. */
const plainMessages: Readonly<Record<string, string>> = {
  'promise/catch-or-return': 'Nothing handles the failure of this promise.',
  'jsx-a11y/click-events-have-key-events': 'This element reacts to clicks but not to keys.',
  'jsx-a11y/no-static-element-interactions': 'This element has a handler but no role.',
  'jsx-a11y/anchor-is-valid': 'The `href` of this link leads nowhere.',
  'react/no-danger': 'HTML is set here without escaping.',
  'react/jsx-no-target-blank': 'This link opens a new window without `rel="noreferrer"`.',
  'eslint/no-empty': 'This block is empty.',
}

/** One sentence about the place, from what oxlint says of it. */
export function messageOf(rule: string, message: string): string {
  const plain = plainMessages[rule]
  if (plain !== undefined) return plain
  const route = /^Express endpoint handler for (`[^`]+`)/.exec(message)?.[1]
  if (route !== undefined) return `Nothing handles the failure of the async handler for ${route}.`
  return message.replace(/ Unused variables should start with a '_'\.$/, '')
}
