import { InvalidInput } from '#platform/errors'
import { readModels } from './dataflow/options.ts'

type Options = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** The settings that say how analyzers work, as the configuration has them. */
export interface AnalyzerSettings {
  readonly analyzers: { readonly options: Options }
  readonly dataflow?: unknown
}

/**
 * Options by analyzer id, as the configuration gives them: those of `analyzers.options`, and `dataflow` as the models of
 * the data-flow analyzer.
 * @throws InvalidInput when a model is wrong, or models are given in both places
 */
export function configuredOptions({ analyzers: { options }, dataflow: models }: AnalyzerSettings): Options {
  if (models === undefined) return options
  readModels(models, 'dataflow')
  const { dataflow = {} } = options
  if (dataflow['models'] !== undefined) {
    throw new InvalidInput(
      'The configuration gives models both in dataflow and in analyzers.options.dataflow.models.',
      {
        next: 'Keep those in dataflow.',
      },
    )
  }
  return { ...options, dataflow: { ...dataflow, models } }
}
