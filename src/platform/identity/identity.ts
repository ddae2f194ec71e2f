import type { Audit } from '#platform/audit'
import type { Secret } from '#platform/config'
import { type Database, digestId } from '#platform/database'
import { Unauthenticated } from '#platform/errors'
import type { Actor } from '#platform/http'
import { type Actors, openActors } from './actors.ts'
import { type Keys, openKeys } from './keys.ts'
import { type Members, openMembers } from './members.ts'
import { openPasswordSessions, type PasswordSessions } from './passwords.ts'
import { forgetAfter, signInLimit } from './sign-in-limit.ts'
import type { IdentityTables } from './tables.ts'

/** Without a secret: the owner of the machine, on loopback only. With one: members sign in. */
export type IdentitySettings =
  | { readonly mode: 'local' }
  | {
      readonly mode: 'signed-in'
      readonly secret: Secret
      /** Browsers reach the server over https. */
      readonly secure: boolean
      /** Created as admin when the workspace has nobody who could sign in. */
      readonly firstAdmin?: { readonly email: string; readonly password: Secret } | undefined
    }

/** What a request offers as proof. */
export interface Credentials {
  readonly authorization?: string | undefined
  readonly cookie?: string | undefined
  /** The door found the request to come straight from this machine (address, Host, no proxy in between). */
  readonly loopback: boolean
}

export interface Identity {
  readonly mode: 'local' | 'signed-in'
  readonly members: Members
  readonly keys: Keys
  /** The workspace that always exists. */
  readonly defaultWorkspace: string
  /**
   * Who asks, or undefined for a stranger.
   * @throws Unauthenticated when an API key was sent that is not valid: it never falls back to anything else
   */
  resolve(credentials: Credentials): Promise<Actor | undefined>
  /** @throws Unauthenticated @throws TooManyAttempts */
  signIn(credentials: { readonly email: string; readonly password: string }, address: string): Promise<Response>
  signOut(cookie: string | undefined): Promise<Response>
  /** Whether anybody could sign in with a password. */
  hasAccounts(): Promise<boolean>
}

const defaultWorkspace = digestId('workspace', 'default')
const localOwner = digestId('user', 'local-owner')

/**
 * Opens the identity room: makes sure of the default workspace, its local owner and, where asked, the first admin.
 * @param now epoch milliseconds
 */
export async function openIdentity(
  database: Database,
  audit: Audit,
  settings: IdentitySettings,
  now: () => number = Date.now,
): Promise<Identity> {
  const db = database.tables<IdentityTables>()
  const members = openMembers(database, audit, { user: localOwner, signsIn: settings.mode === 'local' }, now)
  const actors = openActors(database, now)
  const limit = signInLimit(database, now)
  let opening: Promise<PasswordSessions> | undefined
  const sessions = (): Promise<PasswordSessions> => {
    if (settings.mode === 'local') throw signInIsOff()
    opening ??= openPasswordSessions(database, settings.secret, settings.secure)
    return opening
  }
  // The local owner cannot be changed: looked up once, not with every request.
  let known: Promise<Actor | undefined> | undefined
  const owner = (): Promise<Actor | undefined> => {
    known ??= actors.ofUser(localOwner, 'local').catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }
  const hasAccounts = async (): Promise<boolean> =>
    (await db.selectFrom('accounts').select('id').limit(1).executeTakeFirst()) !== undefined

  await ensureLocalOwner(database, now())
  if (settings.mode === 'signed-in') await forgetExpired(database, now())
  if (settings.mode === 'signed-in' && settings.firstAdmin !== undefined && !(await hasAccounts())) {
    const { email, password } = settings.firstAdmin
    await members.add(
      defaultWorkspace,
      { email: email.toLowerCase(), name: email, role: 'admin', password: password.reveal() },
      { name: 'first start' },
    )
  }

  return {
    mode: settings.mode,
    members,
    keys: openKeys(database, audit, now),
    defaultWorkspace,
    hasAccounts,
    resolve: (credentials) => resolveActor(credentials, settings.mode, actors, owner, sessions),
    async signIn({ email: given, password }, address) {
      const open = await sessions()
      const email = given.toLowerCase()
      const refuse = (action: string) =>
        audit.record({ workspace: defaultWorkspace, actor: email, action, subject: email, outcome: 'refused', address })
      try {
        await limit.attempt(email, address)
      } catch (error) {
        await refuse('session.sign-in-blocked')
        throw error
      }
      const response = await open.signIn({ email, password })
      if (!response.ok) {
        await refuse('session.sign-in')
        throw new Unauthenticated('The email address or the password is wrong.', {
          next: 'Try again, or ask an admin of the workspace.',
        })
      }
      await limit.succeeded(email, address)
      await audit.record({
        workspace: defaultWorkspace,
        actor: email,
        action: 'session.sign-in',
        subject: email,
        outcome: 'done',
        address,
      })
      return response
    },
    async signOut(cookie) {
      const open = await sessions()
      return open.signOut(cookieHeaders(cookie))
    },
  }
}

async function resolveActor(
  { authorization, cookie, loopback }: Credentials,
  mode: Identity['mode'],
  actors: Actors,
  owner: () => Promise<Actor | undefined>,
  sessions: () => Promise<PasswordSessions>,
): Promise<Actor | undefined> {
  if (authorization !== undefined) {
    const key = /^bearer +(assay_[\w-]{43})$/i.exec(authorization)?.[1]
    const actor = key === undefined ? undefined : await actors.ofKey(key)
    if (actor === undefined) {
      throw new Unauthenticated('The API key is not valid: unknown, expired or revoked.', {
        next: 'Send a key as `Authorization: Bearer assay_…`; admins issue them under Members and keys.',
      })
    }
    return actor
  }
  if (mode === 'local') return loopback ? owner() : undefined
  if (cookie === undefined || !cookie.includes('assay.session_token')) return undefined
  const open = await sessions()
  const user = await open.userOf(cookieHeaders(cookie))
  return user === undefined ? undefined : actors.ofUser(user, 'session')
}

function cookieHeaders(cookie: string | undefined): Headers {
  return new Headers(cookie === undefined ? {} : { cookie })
}

function signInIsOff(): Unauthenticated {
  return new Unauthenticated('Sign-in is off: this server answers its own machine only.', {
    next: 'Set ASSAY_SECRET to turn sign-in on.',
  })
}

/** Sessions past their end and failed sign-ins nobody counts any more. */
async function forgetExpired(database: Database, now: number): Promise<void> {
  const db = database.tables<IdentityTables>()
  await db.deleteFrom('sessions').where('expires_at', '<', new Date(now)).execute()
  await db
    .deleteFrom('sign_in_failures')
    .where('last_at', '<', new Date(now - forgetAfter * 1000))
    .execute()
}

async function ensureLocalOwner(database: Database, now: number): Promise<void> {
  const db = database.tables<IdentityTables>()
  const at = new Date(now)
  await db
    .insertInto('workspaces')
    .values({ id: defaultWorkspace, name: 'Default', created_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const created = await db
    .insertInto('users')
    .values({
      id: localOwner,
      name: 'Local owner',
      email: 'owner@localhost',
      email_verified: false,
      image: null,
      created_at: at,
      updated_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (created === undefined) return
  await db
    .insertInto('members')
    .values({
      id: digestId('member', 'local-owner'),
      workspace_id: defaultWorkspace,
      user_id: localOwner,
      role: 'admin',
      created_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
