import type { AppSnapshot } from '#bench/apps'
import type { RawFinding, Rule } from '#bench/findings'
import type { RunnerId } from '#bench/sandbox'

export const outcomes = ['completed', 'not_applicable', 'error', 'timed_out', 'cancelled'] as const
/** How one analysis ended. All but `completed` carry a reason. */
export type Outcome = (typeof outcomes)[number]

export type AnalyzerCategory = 'security' | 'quality' | 'conformance' | 'performance' | 'accessibility' | 'review'

/** One assertion an analyzer made about an app, apart from its findings. All but `pass` carry a reason. */
export interface Check {
  /** Stable within the analyzer, kebab-case: `registry-npm`. */
  readonly id: string
  readonly title: string
  readonly outcome: 'pass' | 'fail' | 'not_applicable' | 'error'
  readonly reason?: string
}

/** How much of what it should have looked at an analyzer really looked at. Stands beside every score. */
export interface Coverage {
  /** Files analysed. */
  readonly analysed: number
  /** Files the analyzer is meant for. */
  readonly total: number
  /** The files it could not analyse (fully), each with the reason. */
  readonly gaps: readonly { readonly path: string; readonly reason: string }[]
}

export interface AnalysisResult {
  readonly findings: readonly RawFinding[]
  /** Numbers about the app, keyed by dotted kebab-case names with the unit where it is not a count: `cyclomatic.max`. */
  readonly metrics: Readonly<Record<string, number>>
  readonly coverage: Coverage
  readonly checks?: readonly Check[]
}

/** Something worth keeping besides findings and numbers: a screenshot, a log, latencies over time. */
export interface Artifact {
  /** Unique within the analysis, a file name: `screenshot-390-dark.png`. */
  readonly name: string
  /** For people: "The start page at 390 pixels, dark". */
  readonly title: string
  /** `image/png`, `text/plain`, `application/json`, … */
  readonly mediaType: string
}

/** What an analyzer is handed besides the app. */
export interface AnalysisContext {
  /** Aborted on cancel and on timeout: long loops must look at it (`signal.throwIfAborted()`), child processes must die with it. */
  readonly signal: AbortSignal
  /** A short note for the log of this analysis. */
  log(message: string): void
  /** Options given for this analyzer in the study or on the command line; part of the cache key. */
  readonly options: Readonly<Record<string, unknown>>
  /** A private empty folder, removed afterwards. */
  readonly scratch: string
  /** A folder kept between analyses for what was downloaded (registry answers, advisories). */
  readonly cache: string
  /** False when the user said `--offline`: then network checks end in `error` with that reason. */
  readonly network: boolean
  /** Epoch milliseconds; the only clock an analyzer may read for results. */
  readonly now: number
  /** The kind of sandbox the user wants code of the app to run in; `auto` takes the first that works here. */
  readonly runner: RunnerId | 'auto'
  /** Keeps an artifact with the analysis, however the analysis then ends. @throws RangeError over 16 MiB or 64 artifacts */
  keep(artifact: Artifact, content: Uint8Array | string): Promise<void>
}

/** A planted defect: a tiny app and the rule that must report it. Found on this machine before a zero is believed. */
export interface Canary {
  /** Relative path → content. */
  readonly files: Readonly<Record<string, string>>
  readonly rule: string
  /** Options that make the analysis of the canary short; none unless given. */
  readonly options?: Readonly<Record<string, unknown>>
}

export interface Analyzer {
  /** Kebab-case: `python-lint`. */
  readonly id: string
  /** Part of the cache key: raise it when results change (include the version of the wrapped tool). */
  readonly version: string
  readonly title: string
  /** One sentence for `assay doctor` and the browser: what it measures, with what. */
  readonly description: string
  readonly category: AnalyzerCategory
  readonly needs: {
    readonly running?: true
    readonly browser?: true
    readonly exclusive?: true
    readonly network?: true
    readonly llm?: true
  }
  readonly canary: Canary
  /** Milliseconds an analysis may take before it is `timed_out`; default 60 000. */
  readonly timeout?: number
  /** Resident memory in MiB the analyzing process may take before it is stopped; default 1024. */
  readonly memory?: number
  /** The rule behind every finding's `rule`; findings of unknown rules are an error of the analyzer. */
  rule(id: string): Rule | undefined
  /** Whether there is anything to analyse. The reason is shown to users: "no Python files". */
  applies(app: AppSnapshot): { readonly applies: true } | { readonly applies: false; readonly reason: string }
  /**
   * Measures the app. Throws {@link AnalyzerUnavailable} when a tool or service it needs is missing; anything else it
   * throws is a defect of the analyzer. Both end the analysis as `error`, never as zero findings. {@link NotApplicable},
   * when the app does not start, ends it as `not_applicable`.
   */
  analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult>
}
