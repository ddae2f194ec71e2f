import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '#platform/errors'
import type { AnalysisContext, Artifact } from '../contract.ts'
import { artifactLimits, artifactName, type KeptArtifact } from './protocol.ts'

/** Keeps the file at `path` for longer than the analysis takes; returns the key it is found by later. */
export type ArtifactStore = (artifact: Artifact, path: string, analyzer: string) => Promise<string>

/** In the analyzing process: writes artifacts into `folder` and announces each once it is whole. */
export function keeper(folder: string, announce: (artifact: Artifact) => void): AnalysisContext['keep'] {
  const names = new Set<string>()
  return async function keep(artifact, content) {
    const { name, title, mediaType } = artifact
    if (!artifactName.test(name)) throw new RangeError(`${JSON.stringify(name)} is no name for an artifact.`)
    if (names.has(name)) throw new RangeError(`There are two artifacts named ${name}.`)
    if (names.size === artifactLimits.count)
      throw new RangeError(`An analysis keeps at most ${artifactLimits.count} artifacts.`)
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    if (bytes.length > artifactLimits.bytes)
      throw new RangeError(`The artifact ${name} has ${bytes.length} bytes, more than ${artifactLimits.bytes}.`)
    names.add(name)
    await writeFile(join(folder, name), bytes)
    announce({ name, title, mediaType })
  }
}

/** In the pool: hands what was announced to the store. What cannot be kept is said in the log of the analysis. */
export async function collectArtifacts(
  folder: string,
  announced: readonly Artifact[],
  store: ArtifactStore | undefined,
  analyzer: string,
  log: string[],
): Promise<readonly KeptArtifact[]> {
  if (store === undefined) return []
  const kept: KeptArtifact[] = []
  for (const artifact of announced) {
    const path = join(folder, artifact.name)
    try {
      const { size } = await stat(path)
      kept.push({ ...artifact, size, key: await store(artifact, path, analyzer) })
    } catch (error) {
      log.push(`The artifact ${artifact.name} could not be kept: ${messageOf(error)}`)
    }
  }
  return kept
}
