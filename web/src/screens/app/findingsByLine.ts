import { type Finding, severities } from '../../api/types.ts'

/**
 * Findings of one file by the line they start in, the worst first. One without a line stands at the first; one beyond the
 * end (the file was cut) at the last.
 */
export const findingsByLine = (
  findings: readonly Finding[],
  lines: number,
): ReadonlyMap<number, readonly Finding[]> => {
  const lineOf = ({ location }: Finding) =>
    Math.min(Math.max(1, lines), location.kind === 'file' ? (location.region?.startLine ?? 1) : 1)
  const byLine = Map.groupBy(findings, lineOf)
  for (const here of byLine.values()) {
    here.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
  }
  return byLine
}
