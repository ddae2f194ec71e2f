/**
 * Comments with which code silences ruff and flake8: `# noqa`, `# noqa: S608`, `# ruff: noqa`, `# flake8: noqa`,
 * `# ruff: disable[S608]`.
 */
const suppression = /#[ \t]{0,8}(?:noqa\b|(?:ruff|flake8)[ \t]{0,8}:)/gi

/**
 * The same text, with the same lengths and lines, in which no comment silences anything; undefined when there is none.
 */
export function withoutSuppressions(source: string): string | undefined {
  const changed = source.replace(suppression, (comment) => `#${'-'.repeat(comment.length - 1)}`)
  return changed === source ? undefined : changed
}
