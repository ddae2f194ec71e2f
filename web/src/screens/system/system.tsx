import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { systemQuery } from '../../api/system.ts'
import type { System } from '../../api/types.ts'
import { Command } from '../../components/copyButton.tsx'
import { OutcomeGlyph } from '../../components/glyphs.tsx'
import { EmptyState, Loading, ProblemPanel } from '../../components/notices.tsx'
import { PageHeader } from '../../components/pageHeader.tsx'
import { Ago } from '../../components/time.tsx'
import { bytes, count, duration, plural } from '../../lib/format.ts'
import { AnalyzerTable } from './analyzerTable.tsx'

/** What this installation can measure, and how it is doing. */
export const SystemScreen = () => {
  const system = useQuery(systemQuery)
  if (system.error && !system.data)
    return <ProblemPanel screen error={system.error} retry={() => void system.refetch()} />
  if (!system.data) return <Loading what="system" />
  const { data } = system
  return (
    <>
      <PageHeader title="System" below={`Assay ${data.version} on Node ${data.node}, ${data.platform}`} />
      <div className="flex flex-col gap-5">
        <dl className="panel grid grid-cols-2 gap-x-6 gap-y-3 px-4 py-3 md:flex md:flex-wrap md:gap-x-10">
          <Fact name="Up for">{duration(data.uptimeSeconds * 1000)}</Fact>
          <Fact name="Memory">{count(Math.round(data.memoryMb))} MB</Fact>
          <Fact name="Database">
            {data.database.kind === 'pglite' ? 'PGlite' : 'PostgreSQL'} {data.database.version}
          </Fact>
          <Fact name="Stored">{bytes(data.database.sizeBytes)}</Fact>
          <Fact name="Waiting">{count(data.queue.queued)}</Fact>
          <Fact name="Running">{count(data.queue.active)}</Fact>
          <Fact name="Failed">{count(data.queue.failed)}</Fact>
          <Fact name="Dead letters">{count(data.queue.deadLetters.length)}</Fact>
        </dl>
        <section>
          <h2 className="mb-2 text-lg">Analyzers</h2>
          <p className="label mb-2">
            Before an analyzer’s zero is believed, it has found its canary, a planted defect, on this machine.
          </p>
          <AnalyzerTable analyzers={data.analyzers} />
        </section>
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Tools tools={data.tools} />
          <Workers workers={data.workers} />
        </div>
        <DeadLetters letters={data.queue.deadLetters} />
      </div>
    </>
  )
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt className="label">{name}</dt>
    <dd className="font-medium">{children}</dd>
  </div>
)

const Tools = ({ tools }: { readonly tools: System['tools'] }) => (
  <section className="panel p-4">
    <h2 className="mb-2 text-lg">Tools</h2>
    <ul className="flex flex-col gap-2.5">
      {tools.map((tool) => (
        <li key={tool.name} className="flex items-start gap-2">
          <OutcomeGlyph status={tool.found ? 'completed' : 'error'} className="mt-1" />
          <div className="min-w-0">
            <span className="font-medium">{tool.name}</span>{' '}
            <span className="text-muted">
              {tool.found ? (tool.version ?? 'found') : 'not found'}, for {String(tool.neededFor)}
            </span>
            {tool.found ? null : (
              <div className="mt-1">
                <Command>{tool.install}</Command>
              </div>
            )}
          </div>
        </li>
      ))}
    </ul>
  </section>
)

const Workers = ({ workers }: { readonly workers: System['workers'] }) => (
  <section className="panel p-4">
    <h2 className="mb-2 text-lg">Workers</h2>
    {workers.length === 0 ? (
      <EmptyState title="No worker is running" command="bin/assay worker">
        Studies wait until one is started.
      </EmptyState>
    ) : null}
    <ul className="flex flex-col gap-1">
      {workers.map((worker) => (
        <li key={worker.id} className="flex flex-wrap gap-x-4">
          <span className="font-medium">
            {worker.host} <span className="font-normal text-muted">process {worker.pid}</span>
          </span>
          <span>{plural(worker.active, 'analysis', 'analyses')} running</span>
          <span className="text-muted">
            seen <Ago at={worker.lastSeen} />
          </span>
        </li>
      ))}
    </ul>
  </section>
)

const DeadLetters = ({ letters }: { readonly letters: System['queue']['deadLetters'] }) =>
  letters.length === 0 ? null : (
    <section className="panel p-4">
      <h2 className="mb-1 text-lg">Dead letters</h2>
      <p className="label mb-2">Jobs that failed every attempt. Retry their study to run them again.</p>
      <ul className="flex flex-col gap-3">
        {letters.map((letter) => (
          <li key={letter.id}>
            <p>
              <span className="font-medium">{letter.queue}</span>{' '}
              <span className="text-muted">
                failed <Ago at={letter.failedAt} />
              </span>
            </p>
            <p className="mono break-words text-danger">{letter.error}</p>
            <details>
              <summary className="label">What the job was given</summary>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled sideways, also by keyboard */}
              <pre tabIndex={0} className="mono overflow-x-auto rounded bg-sunken p-2">
                {JSON.stringify(letter.data, null, 2)}
              </pre>
            </details>
          </li>
        ))}
      </ul>
    </section>
  )
