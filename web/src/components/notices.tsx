import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'
import { Problem } from '../api/problem.ts'
import { Button } from './button.tsx'
import { Command } from './copyButton.tsx'
import { OutcomeGlyph } from './glyphs.tsx'

/** What to do where there is nothing to see yet. */
export const EmptyState = ({
  title,
  children,
  command,
  action,
  screen = false,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly command?: string
  readonly action?: ReactNode
  /** Whether it is the whole screen, and its title that of the screen. */
  readonly screen?: boolean
}) => (
  <div className="flex flex-col items-center gap-3 px-4 py-14 text-center">
    {screen ? <h1 className="text-lg">{title}</h1> : <h2 className="text-lg">{title}</h2>}
    {children ? <p className="max-w-prose text-muted">{children}</p> : null}
    {command ? <Command>{command}</Command> : null}
    {action}
  </div>
)

/** A refusal or failure, with what the server said happened and what to do next. */
export const ProblemPanel = ({
  error,
  retry,
  screen = false,
}: {
  readonly error: unknown
  readonly retry?: () => void
  /** Whether it stands in place of a whole screen, and its title is that of the screen. */
  readonly screen?: boolean
}) => {
  const Title = screen ? 'h1' : 'h2'
  const problem = error instanceof Problem ? error : undefined
  return (
    <div role="alert" className="panel m-4 flex max-w-3xl flex-col gap-2 border-l-4 border-l-danger p-4">
      <Title className="flex items-center gap-2 text-lg">
        <OutcomeGlyph status="error" />
        {problem?.message ?? 'This view failed'}
      </Title>
      <p>{problem?.detail ?? (error instanceof Error ? error.message : String(error))}</p>
      {problem?.fields.length ? (
        <ul className="list-disc pl-5">
          {problem.fields.map((field) => (
            <li key={`${field.path} ${field.message}`}>
              <code className="mono">{field.path}</code> {field.message}
            </li>
          ))}
        </ul>
      ) : null}
      {problem?.next ? <p className="text-muted">Next: {problem.next}</p> : null}
      <p className="label">
        {problem
          ? `${problem.code}${problem.requestId ? ` · request ${problem.requestId}` : ''}`
          : 'A defect of the browser app'}
      </p>
      {retry ? (
        <div>
          <Button onClick={retry}>Try again</Button>
        </div>
      ) : null}
    </div>
  )
}

/** The refusal of an action, beside the button that asked for it. */
export const ActionProblem = ({ error }: { readonly error: unknown }) => {
  if (!error) return null
  const problem = error instanceof Problem ? error : undefined
  return (
    <p role="alert" className="flex items-start gap-2 text-danger">
      <OutcomeGlyph status="error" className="mt-1" />
      <span>
        {problem ? sentenceOf(problem) : error instanceof Error ? error.message : String(error)}
        {problem?.next ? ` ${problem.next}` : ''}
        {problem?.fields.map((field) => ` ${field.path}: ${field.message}.`)}
      </span>
    </p>
  )
}

/** Title and detail; some answers have the same words for both. */
const sentenceOf = ({ message, detail }: Problem): string =>
  detail === '' || detail === message ? message : `${message}: ${detail}`

/** A number that is not there, and why. Never an empty cell. */
export const Missing = ({ reason }: { readonly reason: string }) => (
  <Explained text={reason}>
    <span aria-hidden>–</span>
    <span className="sr-only">missing: {reason}</span>
  </Explained>
)

/** A small thing whose explanation opens on hover, focus and touch. */
export const Explained = ({ text, children }: { readonly text: string; readonly children: ReactNode }) => (
  <Tooltip.Root delayDuration={150}>
    <Tooltip.Trigger asChild>
      <button
        type="button"
        className="rounded-sm text-left decoration-dotted underline-offset-2 hover:underline text-muted"
      >
        {children}
      </button>
    </Tooltip.Trigger>
    <Tooltip.Portal>
      <Tooltip.Content
        sideOffset={4}
        className="panel z-50 max-w-72 px-2.5 py-1.5 text-sm text-ink shadow-lg"
        collisionPadding={8}
      >
        {text}
      </Tooltip.Content>
    </Tooltip.Portal>
  </Tooltip.Root>
)

export const Loading = ({ what }: { readonly what: string }) => (
  <p role="status" className="flex items-center gap-2 p-4 text-muted">
    <OutcomeGlyph status="running" />
    Loading {what}…
  </p>
)
