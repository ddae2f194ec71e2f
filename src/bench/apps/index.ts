export * from './snapshot.ts'
export { decode, readText } from './text.ts'
