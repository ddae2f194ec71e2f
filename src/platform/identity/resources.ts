import { z } from 'zod'
import { roles } from '#platform/http'

export const roleSchema = z.enum(roles)

export const sessionSchema = z
  .object({
    user: z.object({ id: z.uuid(), name: z.string(), email: z.string() }),
    workspace: z.object({ id: z.uuid(), name: z.string() }),
    role: roleSchema,
    mode: z.enum(['local', 'signed-in']).describe('`local`: the owner of this machine, without a password.'),
  })
  .meta({ id: 'Session' })

export const memberSchema = z
  .object({
    id: z.uuid(),
    userId: z.uuid(),
    name: z.string(),
    email: z.string(),
    role: roleSchema,
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Member' })
export type Member = z.infer<typeof memberSchema>

/** Longer passwords are refused: hashing takes time in proportion. */
export const passwordSchema = z.string().min(12, 'must have at least 12 characters').max(128)

export const newMemberSchema = z
  .object({
    email: z.email().max(254).toLowerCase(),
    name: z.string().trim().min(1).max(200),
    role: roleSchema,
    password: passwordSchema.optional().describe('Without one, the member cannot sign in yet.'),
  })
  .meta({ id: 'NewMember' })
export type NewMember = z.infer<typeof newMemberSchema>

export const keySchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    role: roleSchema,
    start: z.string().describe('The first characters, to recognise it by.'),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
    expiresAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Key' })
export type Key = z.infer<typeof keySchema>

export const newKeySchema = z
  .object({
    name: z.string().trim().min(1).max(100),
    role: roleSchema,
    expiresInDays: z.int().min(1).max(3650).optional(),
  })
  .meta({ id: 'NewKey' })
export type NewKey = z.infer<typeof newKeySchema>

export const issuedKeySchema = keySchema
  .extend({ secret: z.string().describe('Shown this once; only its digest is kept.') })
  .meta({ id: 'IssuedKey' })
export type IssuedKey = z.infer<typeof issuedKeySchema>
