import type { JSONColumnType } from 'kysely'
import type { Component, Exclusion, SnapshotFile } from '#bench/apps'

export interface AppTables {
  /** Content by digest; shared by all workspaces, reachable only through an app. */
  snapshots: {
    digest: string
    files: JSONColumnType<readonly SnapshotFile[], string, string>
    excluded: JSONColumnType<readonly Exclusion[], string, string>
    components: JSONColumnType<readonly Component[], string, string>
    /** Key of the blob that holds the content. */
    archive: string
    file_count: number
    bytes: number
    /** Lines of source code and templates. */
    lines: number
    stack: string[]
  }
  apps: {
    id: string
    workspace_id: string
    name: string
    model: string | null
    spec: string | null
    sample: number | null
    snapshot: string
    /** Digest of the snapshot of what every model was given, where one was named. */
    scaffold: string | null
    created_at: Date
  }
}
