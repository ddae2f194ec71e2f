import type { Generated } from 'kysely'
import type { Role } from '#platform/http'

/** `users`, `sessions`, `accounts` and `verifications` are better-auth's; the rest is ours. */
export interface IdentityTables {
  users: {
    id: string
    name: string
    email: string
    email_verified: boolean
    image: string | null
    created_at: Date
    updated_at: Date
  }
  accounts: {
    id: string
    account_id: string
    provider_id: string
    user_id: string
    password: string | null
    created_at: Date
    updated_at: Date
  }
  sessions: { id: string; user_id: string; token: string; expires_at: Date }
  workspaces: { id: string; name: string; created_at: Date }
  members: { id: string; workspace_id: string; user_id: string; role: Role; created_at: Date }
  api_keys: {
    id: string
    workspace_id: string
    /** Who issued it. It dies with that person's membership and never carries more than their role. */
    user_id: string
    name: string
    role: Role
    start: string
    /** SHA-256 of the whole key, hex. */
    digest: string
    created_at: Date
    last_used_at: Date | null
    expires_at: Date | null
  }
  sign_in_failures: {
    subject: string
    failures: Generated<number>
    last_at: Date
    blocked_until: Date | null
  }
}
