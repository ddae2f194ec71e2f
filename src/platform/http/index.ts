export { type Actor, type Role, roleAllows, roles } from './actor.ts'
export { type CursorCodec, cursorCodec } from './cursor.ts'
export {
  defineDownloadRoute,
  defineEventStream,
  definePublicRoute,
  defineRoute,
  defineUploadRoute,
  memberContext,
} from './define.ts'
export { defaultLimit, maximumLimit, type Page, type PageRequest, page, pageOf, pageQuery } from './page.ts'
export { type FieldError, parsePart, RefusedInput } from './parse.ts'
export { type Problem, problemSchema } from './problem.ts'
export type * from './route.ts'
