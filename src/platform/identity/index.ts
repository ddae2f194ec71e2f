export { type Credentials, type Identity, type IdentitySettings, openIdentity } from './identity.ts'
export type { Keys } from './keys.ts'
export type { Author, Members } from './members.ts'
export { identityMigrations } from './migrations.ts'
export {
  type IssuedKey,
  issuedKeySchema,
  type Key,
  keySchema,
  type Member,
  memberSchema,
  type NewKey,
  type NewMember,
  newKeySchema,
  newMemberSchema,
  sessionSchema,
} from './resources.ts'
export { identityRoutes } from './routes.ts'
export { identitySettings } from './settings.ts'
export { TooManyAttempts } from './sign-in-limit.ts'
