import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditMigrations, openAudit } from '#platform/audit'
import { Secret } from '#platform/config'
import { type Database, newId } from '#platform/database'
import type { Actor } from '#platform/http'
import { embedded } from '../database/testing.ts'
import { type Identity, openIdentity } from './identity.ts'
import { identityMigrations } from './migrations.ts'
import { identitySettings } from './settings.ts'
import type { IdentityTables } from './tables.ts'

let database: Database
let identity: Identity
const author = { name: 'test' }
const all = { limit: 100 }

beforeAll(async () => {
  database = await embedded.open([...identityMigrations, ...auditMigrations])
  identity = await openIdentity(database, openAudit(database), { mode: 'local' })
})
afterAll(() => database.close())

/** An admin of a workspace of his own. */
async function stranger(name: string): Promise<Actor> {
  const workspace = newId()
  await database
    .tables<IdentityTables>()
    .insertInto('workspaces')
    .values({ id: workspace, name, created_at: new Date() })
    .execute()
  const member = await identity.members.add(workspace, { email: `${name}@example.org`, name, role: 'admin' }, author)
  return {
    via: 'session',
    user: { id: member.userId, name, email: member.email },
    workspace: { id: workspace, name },
    role: 'admin',
  }
}

test('one workspace sees and touches nothing of another', async () => {
  const [mine, theirs] = [await stranger('mine'), await stranger('theirs')]
  const { secret, id } = await identity.keys.issue(theirs, { name: 'ci', role: 'viewer' }, author)
  const [member] = (await identity.members.list(theirs.workspace.id, all)).items

  expect((await identity.members.list(mine.workspace.id, all)).items.map(({ name }) => name)).toEqual(['mine'])
  expect((await identity.keys.list(mine.workspace.id, all)).items).toEqual([])
  await expect(identity.keys.revoke(mine.workspace.id, id, author)).rejects.toMatchObject({ status: 404 })
  const foreign = member?.id ?? ''
  await expect(identity.members.remove(mine.workspace.id, foreign, author)).rejects.toMatchObject({ status: 404 })
  await expect(identity.members.changeRole(mine.workspace.id, foreign, 'viewer', author)).rejects.toMatchObject({
    status: 404,
  })
  const actor = await identity.resolve({ authorization: `Bearer ${secret}`, loopback: true })
  expect(actor).toMatchObject({ via: 'key', role: 'viewer', workspace: { name: 'theirs' } })
})

test('a key never carries more than its creator may', async () => {
  const analyst: Actor = { ...(await stranger('climber')), role: 'analyst' }
  await expect(identity.keys.issue(analyst, { name: 'x', role: 'admin' }, author)).rejects.toMatchObject({
    status: 403,
  })
})

test('only the digest of a key is stored', async () => {
  const { secret } = await identity.keys.issue(await stranger('keeper'), { name: 'k', role: 'viewer' }, author)
  const rows = await database.tables<IdentityTables>().selectFrom('api_keys').selectAll().execute()
  expect(JSON.stringify(rows)).not.toContain(secret)
  expect(rows.every(({ digest }) => /^[0-9a-f]{64}$/.test(digest))).toBe(true)
})

test('opening again changes nothing', async () => {
  const before = (await identity.members.list(identity.defaultWorkspace, all)).items
  const again = await openIdentity(database, openAudit(database), { mode: 'local' })
  expect((await again.members.list(again.defaultWorkspace, all)).items).toEqual(before)
})

test('without sign-in there are no passwords to try', async () => {
  const attempt = identity.signIn({ email: 'owner@localhost', password: 'x' }, '127.0.0.1')
  await expect(attempt).rejects.toMatchObject({ status: 401, next: 'Set ASSAY_SECRET to turn sign-in on.' })
})

test('a secret turns sign-in on, https makes cookies Secure', () => {
  const secret = new Secret('0123456789abcdef0123456789abcdef')
  expect(identitySettings({})).toEqual({ mode: 'local' })
  expect(identitySettings({ secret })).toMatchObject({ mode: 'signed-in', secure: false })
  expect(identitySettings({ secret, publicUrl: 'https://assay.example.org' })).toMatchObject({ secure: true })
})
