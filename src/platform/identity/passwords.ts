/** Password sign-in of better-auth, loaded when it is first needed: a loopback server never pays for it. */
import type { Secret } from '#platform/config'
import { type Database, newId } from '#platform/database'

export interface PasswordSessions {
  /** Answers with the session cookie, or with 401. Never says which of the two was wrong. */
  signIn(credentials: { readonly email: string; readonly password: string }): Promise<Response>
  /** Ends the session of the cookie and takes the cookie back. */
  signOut(headers: Headers): Promise<Response>
  /** The user of a valid session cookie. */
  userOf(headers: Headers): Promise<string | undefined>
}

/** Seconds a session lasts. It is not prolonged: whoever works on signs in again every two weeks. */
const sessionSeconds = 14 * 24 * 3600

/**
 * @param secure whether browsers reach the server over https; cookies are then `Secure`
 */
export async function openPasswordSessions(
  database: Database,
  secret: Secret,
  secure: boolean,
): Promise<PasswordSessions> {
  const [{ betterAuth }, { kyselyAdapter }] = await Promise.all([
    import('better-auth/minimal'),
    import('@better-auth/kysely-adapter'),
  ])
  const auth = betterAuth({
    appName: 'Assay',
    secret: secret.reveal(),
    // Requests never reach better-auth's router: only the three functions below are called, after the door has
    // checked Host and Origin. The address is a name for cookies and nothing else.
    baseURL: secure ? 'https://assay.invalid' : 'http://assay.invalid',
    basePath: '/api/auth',
    database: kyselyAdapter(database.tables(), { type: 'postgres', transaction: false }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    session: {
      modelName: 'sessions',
      fields: {
        expiresAt: 'expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        userId: 'user_id',
      },
      expiresIn: sessionSeconds,
      disableSessionRefresh: true,
    },
    user: {
      modelName: 'users',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    account: {
      modelName: 'accounts',
      fields: {
        accountId: 'account_id',
        providerId: 'provider_id',
        userId: 'user_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    advanced: {
      cookiePrefix: 'assay',
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure },
      disableIpTracking: true,
      database: { generateId: () => newId() },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  })
  return {
    signIn: (body) => auth.api.signInEmail({ body, headers: new Headers(), asResponse: true }),
    signOut: (headers) => auth.api.signOut({ headers, asResponse: true }),
    async userOf(headers) {
      const session = await auth.api.getSession({ headers, query: { disableRefresh: true } })
      return session?.user.id
    },
  }
}
