/** From least to most. A member of a role may do everything the roles before it may. */
export const roles = ['viewer', 'analyst', 'admin'] as const
export type Role = (typeof roles)[number]

/** Whether `held` is enough where `needed` is asked for. */
export function roleAllows(held: Role, needed: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(needed)
}

/** Who asks: resolved and checked by the door before any room is called. */
export interface Actor {
  /** How they proved who they are: the loopback owner, a session cookie, or an API key. */
  readonly via: 'local' | 'session' | 'key'
  readonly user: { readonly id: string; readonly name: string; readonly email: string }
  /** Every query is limited to this workspace. */
  readonly workspace: { readonly id: string; readonly name: string }
  /** The role in the workspace; for a key, the lesser of the key's role and its creator's. */
  readonly role: Role
}
