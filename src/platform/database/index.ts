export { type Database, type OpenDatabaseOptions, openDatabase } from './database.ts'
export { digestId, newId } from './ids.ts'
export { type DirectoryLock, type LockHolder, lockDirectory } from './lock.ts'
export type { Migration } from './migrations.ts'
