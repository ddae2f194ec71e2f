import { useQueryClient } from '@tanstack/react-query'
import { DropdownMenu } from 'radix-ui'
import { signOut } from '../api/session.ts'
import { capital } from '../lib/format.ts'
import { chooseTheme, themes, useTheme } from '../lib/theme.ts'
import { Icon } from './icons.tsx'
import { useSession } from './session.tsx'

const themeIcons = { system: 'system', light: 'sun', dark: 'moon' } as const
const item = 'flex items-center gap-2 px-3 py-1.5 outline-none data-highlighted:bg-hover cursor-pointer'

/** Who is signed in, the theme, the way out. */
export const UserMenu = () => {
  const { user, workspace, role, mode } = useSession()
  const client = useQueryClient()
  const theme = useTheme()
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label={`Account and theme: ${user.name}`}
        className="ml-1 flex size-8 items-center justify-center rounded-full border border-edge text-sm font-medium hover:bg-hover"
      >
        {user.name.slice(0, 1).toUpperCase()}
      </DropdownMenu.Trigger>
      <DropdownMenu.Content align="end" sideOffset={6} className="panel z-50 w-64 py-1 shadow-xl">
        <DropdownMenu.Label className="px-3 py-2">
          <span className="block font-medium">{user.name}</span>
          <span className="label block truncate">{user.email}</span>
          <span className="label block">
            {capital(role)} in {workspace.name}
          </span>
        </DropdownMenu.Label>
        <DropdownMenu.Separator className="my-1 border-t border-line" />
        <DropdownMenu.RadioGroup
          value={theme}
          onValueChange={(value) => {
            const chosen = themes.find((candidate) => candidate === value)
            if (chosen) chooseTheme(chosen)
          }}
        >
          {themes.map((name) => (
            <DropdownMenu.RadioItem
              key={name}
              value={name}
              className={item}
              onSelect={(event) => event.preventDefault()}
            >
              <Icon name={themeIcons[name]} />
              <span className="flex-1">{name === 'system' ? 'Theme of the system' : `${capital(name)} theme`}</span>
              <DropdownMenu.ItemIndicator>
                <Icon name="check" />
              </DropdownMenu.ItemIndicator>
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
        {mode === 'signed-in' ? (
          <>
            <DropdownMenu.Separator className="my-1 border-t border-line" />
            <DropdownMenu.Item className={item} onSelect={() => void signOut().then(() => client.resetQueries())}>
              Sign out
            </DropdownMenu.Item>
          </>
        ) : null}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  )
}
