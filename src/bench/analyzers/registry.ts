import { attack } from './attack/index.ts'
import { browser } from './browser/index.ts'
import { completeness } from './completeness/index.ts'
import { complexity } from './complexity/index.ts'
import { conformance } from './conformance/index.ts'
import { containers } from './containers/index.ts'
import type { Analyzer } from './contract.ts'
import { dataflow } from './dataflow/index.ts'
import { dependencies } from './dependencies/dependencies.ts'
import { imports } from './imports/imports.ts'
import { javascriptLint } from './javascript-lint/index.ts'
import { launch } from './launch/index.ts'
import { load } from './load/index.ts'
import { markup } from './markup/index.ts'
import { patterns } from './patterns/index.ts'
import { pythonLint } from './python-lint/index.ts'
import { secrets } from './secrets/index.ts'
import { types } from './types/index.ts'
import { wiring } from './wiring/index.ts'

/**
 * Every analyzer Assay has, in the order tables show them. What is imported here says what an analyzer is; the work and its
 * tools are loaded when it first analyses.
 */
export const analyzers: readonly Analyzer[] = [
  patterns,
  dataflow,
  secrets,
  dependencies,
  imports,
  wiring,
  completeness,
  pythonLint,
  javascriptLint,
  types,
  markup,
  containers,
  complexity,
  launch,
  conformance,
  attack,
  browser,
  load,
]

/** The analyzer of that id. */
export function analyzerById(id: string): Analyzer | undefined {
  return analyzers.find((analyzer) => analyzer.id === id)
}
