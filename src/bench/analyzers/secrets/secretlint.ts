import type { Candidate } from './candidate.ts'
import { ruleOfMessage } from './rules.ts'
import { candidate } from './shapes.ts'

/** Reported better by our own readers: they know the host, the name, and what is a placeholder. */
const covered = new Set(['BasicAuth', 'MongoDBConnection', 'MySQLConnection', 'PostgreSQLConnection'])
/** Numbers and file names, no secrets. */
const harmless = new Set(['AWSAccountID', 'PrivateKeyP12'])

/**
 * Credentials of known services in the text, by secretlint's recommended rules. Comments in the code cannot switch
 * them off.
 */
export async function secretlint(text: string, path: string): Promise<Candidate[]> {
  const [{ lintSource }, { creator }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ])
  const { messages } = await lintSource({
    source: { content: text, filePath: path, contentType: 'text', ext: '' },
    options: {
      config: {
        rules: [
          {
            id: '@secretlint/secretlint-rule-preset-recommend',
            rule: creator,
            rules: [{ id: '@secretlint/secretlint-rule-filter-comments', disabled: true }],
          },
        ],
      },
      noPhysicFilePath: true,
    },
  })
  return messages
    .filter(({ messageId }) => !covered.has(messageId) && !harmless.has(messageId))
    .map(({ messageId, range: [start, end] }) => {
      const { id, title } = ruleOfMessage(messageId)
      const found = text.slice(start, end)
      const header = /^-----BEGIN[^-\r\n]{0,40}-----/.exec(found)?.[0].length ?? 0
      return candidate(start + header, found.slice(header), id, title)
    })
}
