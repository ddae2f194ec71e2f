/** The places of the app, with the keys that go there. */
export const sections = [
  { to: '/studies', label: 'Studies', keys: 'g s', icon: 'studies' },
  { to: '/apps', label: 'Apps', keys: 'g a', icon: 'apps' },
  { to: '/findings', label: 'Findings', keys: 'g f', icon: 'findings' },
  { to: '/system', label: 'System', keys: 'g y', icon: 'health' },
  { to: '/members', label: 'Members', keys: 'g m', icon: 'members' },
] as const
