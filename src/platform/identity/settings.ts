import type { Config } from '#platform/config'
import type { IdentitySettings } from './identity.ts'

/** A configured secret turns sign-in on; without one, only the owner of the machine gets in. */
export function identitySettings(
  config: Pick<Config, 'secret' | 'publicUrl' | 'adminEmail' | 'adminPassword'>,
): IdentitySettings {
  const { secret, publicUrl, adminEmail, adminPassword } = config
  if (secret === undefined) return { mode: 'local' }
  return {
    mode: 'signed-in',
    secret,
    secure: publicUrl?.startsWith('https:') === true,
    ...(adminEmail !== undefined &&
      adminPassword !== undefined && { firstAdmin: { email: adminEmail, password: adminPassword } }),
  }
}
