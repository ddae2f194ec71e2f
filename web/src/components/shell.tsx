import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Problem } from '../api/problem.ts'
import { sessionQuery } from '../api/session.ts'
import { useShortcut, useShortcutListener } from '../lib/shortcuts.ts'
import { SignIn } from '../screens/signIn.tsx'
import { IconButton } from './button.tsx'
import { CommandPalette } from './commandPalette.tsx'
import { HelpDialog } from './helpDialog.tsx'
import { Icon } from './icons.tsx'
import { Loading, ProblemPanel } from './notices.tsx'
import { sections } from './sections.ts'
import { SessionProvider } from './session.tsx'
import { UserMenu } from './userMenu.tsx'

/** Session first, then the frame around every screen. */
export const Shell = () => {
  const session = useQuery(sessionQuery)
  if (session.error instanceof Problem && session.error.status === 401) return <SignIn />
  if (session.error && !session.data) {
    return <ProblemPanel screen error={session.error} retry={() => void session.refetch()} />
  }
  if (!session.data) return <Loading what="session" />
  return (
    <SessionProvider value={session.data}>
      <Frame />
    </SessionProvider>
  )
}

const Frame = () => {
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  useShortcutListener()
  useShortcut('?', 'Show the keyboard shortcuts', () => setHelp(true))
  return (
    <div className="flex min-h-dvh flex-col pb-14 md:pb-0">
      <a
        href="#content"
        className="sr-only z-50 rounded bg-accent px-3 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-30 flex h-12 items-center gap-1 border-b border-line bg-surface px-3 md:px-5">
        <Link to="/studies" className="mr-3 flex items-center gap-2 font-semibold no-underline">
          <img src="/icon.svg" alt="" className="size-5" />
          Assay
        </Link>
        <nav aria-label="Sections" className="hidden gap-1 md:flex">
          {sections.map((section) => (
            <SectionLink key={section.to} {...section} />
          ))}
        </nav>
        <div className="flex-1" />
        <button
          type="button"
          onClick={() => setPalette(true)}
          className="flex h-8 items-center gap-2 rounded border border-edge px-2 text-muted hover:bg-hover"
        >
          <Icon name="search" />
          <span className="max-sm:sr-only">Find or go to</span>
          <kbd className="hidden font-sans text-xs sm:inline">{isMac ? '⌘' : 'Ctrl'} K</kbd>
        </button>
        <IconButton label="Keyboard shortcuts and help" onClick={() => setHelp(true)}>
          <Icon name="help" />
        </IconButton>
        <UserMenu />
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-[1680px] flex-1 px-3 py-4 outline-none md:px-5">
        <Outlet />
      </main>
      <nav
        aria-label="Sections"
        className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-surface md:hidden"
      >
        {sections.map((section) => (
          <Link
            key={section.to}
            to={section.to}
            className="flex flex-1 flex-col items-center gap-0.5 py-2 text-xs no-underline focus-visible:-outline-offset-2"
            activeProps={{ className: 'text-accent' }}
            inactiveProps={{ className: 'text-muted' }}
            activeOptions={{ includeSearch: false }}
          >
            <Icon name={section.icon} className="size-5" />
            {section.label}
          </Link>
        ))}
      </nav>
      <CommandPalette open={palette} setOpen={setPalette} />
      <HelpDialog open={help} onClose={() => setHelp(false)} />
    </div>
  )
}

const isMac = navigator.userAgent.includes('Mac')

const SectionLink = ({ to, label, keys }: (typeof sections)[number]) => {
  const navigate = useNavigate()
  useShortcut(keys, `Go to ${label}`, () => void navigate({ to }))
  return (
    <Link
      to={to}
      activeOptions={{ includeSearch: false }}
      className="rounded px-2.5 py-1 no-underline hover:bg-hover"
      activeProps={{ className: 'bg-accent-soft text-accent font-medium' }}
      inactiveProps={{ className: 'text-muted' }}
    >
      {label}
    </Link>
  )
}
