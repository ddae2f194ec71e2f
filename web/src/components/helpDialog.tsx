import { useState } from 'react'
import { severities } from '../api/types.ts'
import { shortcutsOn, switchShortcuts, useShortcutList } from '../lib/shortcuts.ts'
import { Dialog } from './dialog.tsx'
import { type CellStatus, OutcomeName, SeverityName } from './glyphs.tsx'

const statuses: readonly CellStatus[] = [
  'completed',
  'not_applicable',
  'error',
  'timed_out',
  'cancelled',
  'running',
  'queued',
]

/** The keys that work on this screen, what the glyphs mean, and the switch for single-key shortcuts. */
export const HelpDialog = ({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) => {
  const shortcuts = useShortcutList()
  const [on, setOn] = useState(shortcutsOn)
  const unique = [...new Map(shortcuts.map((shortcut) => [shortcut.keys, shortcut])).values()]
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard and signs">
      <div className="flex flex-col gap-5">
        <section>
          <h3 className="mb-1">Keys on this screen</h3>
          <dl className="grid grid-cols-[8rem_1fr] gap-y-1">
            <Keys keys="Ctrl K" label="Find or go to" />
            {unique.map(({ keys, label }) => (
              <Keys key={keys} keys={keys} label={label} />
            ))}
            <Keys keys="Enter" label="Open the focused row" />
            <Keys keys="Esc" label="Close, or leave the search" />
          </dl>
          <label className="mt-3 flex items-center gap-2">
            <input
              type="checkbox"
              checked={on}
              onChange={(event) => {
                switchShortcuts(event.target.checked)
                setOn(event.target.checked)
              }}
              className="accent-accent"
            />
            Single-key shortcuts
          </label>
        </section>
        <section className="grid grid-cols-2 gap-4">
          <div>
            <h3 className="mb-1">Severity</h3>
            <ul className="flex flex-col gap-1">
              {severities.map((severity) => (
                <li key={severity}>
                  <SeverityName severity={severity} />
                </li>
              ))}
            </ul>
          </div>
          <div>
            <h3 className="mb-1">Outcome</h3>
            <ul className="flex flex-col gap-1">
              {statuses.map((status) => (
                <li key={status}>
                  <OutcomeName status={status} />
                </li>
              ))}
            </ul>
          </div>
        </section>
      </div>
    </Dialog>
  )
}

const Keys = ({ keys, label }: { readonly keys: string; readonly label: string }) => (
  <>
    <dt className="flex gap-1">
      {keys.split(' ').map((key) => (
        <kbd key={key} className="rounded border border-line bg-sunken px-1.5 font-sans text-sm">
          {key}
        </kbd>
      ))}
    </dt>
    <dd>{label}</dd>
  </>
)
