import type { Role } from '../../api/types.ts'

/** The roles with what they may do, for forms. */
export const roleOptions: readonly { readonly value: Role; readonly label: string }[] = [
  { value: 'viewer', label: 'Viewer: sees everything' },
  { value: 'analyst', label: 'Analyst: also imports, runs studies, decides findings' },
  { value: 'admin', label: 'Admin: also manages members, keys and deletes' },
]
