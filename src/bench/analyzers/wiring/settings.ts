import type { RawFinding } from '#bench/findings'
import { dotenvEntries, dotenvFile, exampleFile } from '#bench/interfaces'
import { findingAt, type Wiring } from './finding.ts'

/** Set by platforms and tools, known to everybody. */
const standard =
  /^(?:PORT|HOST|HOSTNAME|NODE_ENV|ENV|HOME|PATH|PWD|USER|SHELL|LANG|TZ|TMPDIR|TEMP|TMP|CI|MODE|DEV|PROD|SSR|BASE_URL|DEBUG|EDITOR|TERM|NO_COLOR|FORCE_COLOR|LOG_LEVEL|PYTHON\w*|NODE_\w+|npm_\w+|FLASK_\w+|WERKZEUG_\w+|DJANGO_SETTINGS_MODULE|JEST_WORKER_ID|VITEST\w*|VERCEL\w*|AWS_LAMBDA\w*|KUBERNETES_\w+|GITHUB_\w+|HTTPS?_PROXY|NO_PROXY|PUBLIC_URL)$/
/** Read by tools, not by the app's code. */
const readByTools =
  /^(?:POSTGRES|MYSQL|MARIADB|MONGO|REDIS|PG|COMPOSE|DOCKER|AWS|GOOGLE|AZURE|SENTRY|GUNICORN|UVICORN|WEB_CONCURRENCY|SKIP_PREFLIGHT_CHECK|GENERATE_SOURCEMAP|BROWSER|CHOKIDAR|WDS|ESLINT|TSC|NEXTAUTH|NEXT_TELEMETRY|OTEL|DATABASE_URL$|OPENAI_API_KEY$|ANTHROPIC_API_KEY$|STRIPE)\w*/
/** Ways to read the whole environment, after which no variable can be called unread. */
const wholesale =
  /from_prefixed_env|dynaconf|os\.environ\.(?:items|copy)|\*\*os\.environ|dict\(os\.environ|process\.env\[(?!["'])|\.\.\.process\.env|Object\.(?:entries|keys)\(process\.env|envsafe|loadEnv\(|\benv_file\b(?!\s*:)|environ\.Env\b/

/** Environment variables read but told to nobody, and told but read by nothing. */
export function judgeSettings(wiring: Wiring): RawFinding[] {
  return [...undocumented(wiring), ...unread(wiring)]
}

function undocumented(wiring: Wiring): RawFinding[] {
  const documents = [...wiring.sources.other]
    .filter(([path]) => !/(?:package-lock\.json|\.lock)$/.test(path))
    .map(([, text]) => text)
  const names = new Map<string, (typeof wiring.environment)[number]>()
  for (const read of wiring.environment) {
    const known = names.get(read.name)
    // Where it has no default counts more than where it has one.
    if (known === undefined || (known.hasDefault && !read.hasDefault)) names.set(read.name, read)
  }
  return [...names.values()].flatMap((read): RawFinding[] => {
    if (standard.test(read.name)) return []
    const word = new RegExp(`\\b${read.name}\\b`, read.anyCase ? 'i' : '')
    if (documents.some((text) => word.test(text))) return []
    const message = read.hasDefault
      ? `${read.name} is read here, with a default, and mentioned in no documentation, example or deployment file.`
      : `${read.name} is read here without a default, and mentioned in no documentation, example or deployment file.`
    return [
      findingAt(wiring, 'undocumented-setting', read, message, {
        subject: read.name,
        ...(read.hasDefault && { severity: 'info' as const }),
      }),
    ]
  })
}

function unread(wiring: Wiring): RawFinding[] {
  const { sources } = wiring
  const code = [...sources.python, ...sources.scripts, ...sources.markup].map(({ text }) => text)
  if (code.length === 0 || code.some((text) => wholesale.test(text))) return []
  const readers = [
    ...code,
    ...[...sources.other]
      .filter(([path]) => !dotenvFile.test(path) && !/\.(?:md|markdown)$/.test(path))
      .map(([, text]) => text),
  ]
  const settings = readers.some((text) => /\bBaseSettings\b/.test(text))
  const reported = new Set<string>()
  return [...sources.other].flatMap(([path, text]): RawFinding[] => {
    if (!dotenvFile.test(path) || !exampleFile.test(path)) return []
    return dotenvEntries(text).flatMap(({ name, line }): RawFinding[] => {
      if (standard.test(name) || readByTools.test(name) || reported.has(name)) return []
      reported.add(name)
      const word = new RegExp(`\\b${name}\\b`, settings ? 'i' : '')
      if (readers.some((each) => word.test(each))) return []
      return [
        findingAt(
          wiring,
          'unused-setting',
          { file: path, line },
          `${name} is listed here, but nothing in the app reads it.`,
          { subject: name },
        ),
      ]
    })
  })
}
