export type { BlobStore } from './blob-store.ts'
export { openDirectoryBlobs } from './directory.ts'
export { openS3Blobs } from './s3.ts'
