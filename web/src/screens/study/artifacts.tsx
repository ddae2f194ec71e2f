import type { Analysis } from '../../api/types.ts'
import { bytes } from '../../lib/format.ts'

/** What an analysis kept: pictures to look at, everything else to open or save. */
export const Artifacts = ({ analysis }: { readonly analysis: Analysis }) => {
  const charts = analysis.artifacts.filter(isChart)
  const pictures = analysis.artifacts.filter((artifact) => isPicture(artifact) && !isChart(artifact))
  const files = analysis.artifacts.filter((artifact) => !isPicture(artifact))
  const address = (name: string) => `/api/v1/analyses/${analysis.id}/artifacts/${encodeURIComponent(name)}`
  return (
    <>
      {charts.map(({ name, title }) => (
        <section key={name} className="panel mb-4 min-w-0 p-4">
          <h2 className="mb-2 text-lg">{title}</h2>
          <img src={address(name)} alt={title} className="w-full max-w-4xl rounded bg-white" />
        </section>
      ))}
      {pictures.length > 0 ? (
        <section className="panel mb-4 min-w-0 p-4">
          <h2 className="mb-2 text-lg">Screenshots</h2>
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(14rem,1fr))] gap-4">
            {pictures.map(({ name, title }) => (
              <li key={name}>
                <a href={address(name)} target="_blank" rel="noreferrer" className="block">
                  <img
                    src={address(name)}
                    alt={title}
                    loading="lazy"
                    className="h-48 w-full rounded border border-line bg-sunken object-cover object-top"
                  />
                  <span className="link">{title}</span>
                  <span className="sr-only"> (opens in a new tab)</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {files.length > 0 ? (
        <section className="panel mb-4 min-w-0 p-4">
          <h2 className="mb-2 text-lg">Files</h2>
          <ul className="flex flex-col gap-1">
            {files.map(({ name, title, size }) => (
              <li key={name} className="flex flex-wrap items-baseline gap-x-3">
                <a href={address(name)} target="_blank" rel="noreferrer" className="link">
                  {title}
                  <span className="sr-only"> (opens in a new tab)</span>
                </a>
                <code className="mono text-muted">{name}</code>
                <span className="figure text-muted">{bytes(size)}</span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  )
}

/** Drawn by us, in lines: shown whole. */
const isChart = ({ mediaType }: Analysis['artifacts'][number]): boolean => mediaType === 'image/svg+xml'
const isPicture = ({ mediaType }: Analysis['artifacts'][number]): boolean => mediaType.startsWith('image/')
