import { Readable } from 'node:stream'
import type { Kysely } from 'kysely'
import type { BlobStore } from '#platform/blobs'
import { NotFound } from '#platform/errors'
import type { Download } from '#platform/http'
import type { StudyTables } from './tables.ts'

/**
 * Types a browser shows without running anything; of a picture in SVG the server's content security policy stops scripts. Everything
 * else is offered to be saved: apps under test had a hand in it.
 */
const shownInPlace: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/svg+xml',
  'text/plain',
  'application/json',
])

/**
 * Something an analysis of the workspace kept, or the earlier analysis that answered its question.
 * @throws NotFound when there is nothing of that name
 */
export async function readArtifact(
  db: Kysely<StudyTables>,
  blobs: BlobStore,
  workspace: string,
  analysis: string,
  name: string,
): Promise<Download> {
  const row = await db
    .selectFrom('analyses')
    .innerJoin('studies', 'studies.id', 'analyses.study_id')
    .leftJoin('results', 'results.id', 'analyses.result_id')
    .select(['analyses.artifacts', 'results.artifacts as result_artifacts'])
    .where('analyses.id', '=', analysis)
    .where('studies.workspace_id', '=', workspace)
    .executeTakeFirst()
  const found = (row?.result_artifacts ?? row?.artifacts)?.find((artifact) => artifact.name === name)
  if (found === undefined) throw new NotFound(`The analysis ${analysis} kept nothing named ${name}.`)
  const content = Readable.from([await blobs.get(found.key)])
  return shownInPlace.has(found.mediaType)
    ? { type: found.mediaType, content }
    : { type: 'application/octet-stream', filename: name, content }
}
