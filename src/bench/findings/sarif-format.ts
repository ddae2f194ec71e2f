/** The parts of SARIF 2.1.0 that Assay writes (OASIS, https://docs.oasis-open.org/sarif/sarif/v2.1.0/). */
export interface SarifLog {
  readonly $schema: string
  readonly version: '2.1.0'
  readonly runs: readonly SarifRun[]
}

export interface SarifRun {
  readonly tool: { readonly driver: SarifDriver }
  readonly taxonomies: readonly SarifTaxonomy[]
  readonly originalUriBaseIds: Readonly<Record<string, { readonly description: SarifText }>>
  readonly columnKind: 'utf16CodeUnits'
  readonly invocations: readonly [SarifInvocation]
  readonly results: readonly SarifResult[]
}

export interface SarifDriver {
  readonly name: string
  readonly version: string
  readonly rules: readonly SarifRule[]
  readonly notifications: readonly { readonly id: string; readonly shortDescription: SarifText }[]
  readonly supportedTaxonomies: readonly { readonly name: string; readonly index: number }[]
}

export interface SarifText {
  readonly text: string
}

export type SarifLevel = 'error' | 'warning' | 'note' | 'none'

export interface SarifRule {
  readonly id: string
  readonly name: string
  readonly shortDescription: SarifText
  readonly fullDescription: SarifText
  readonly help: SarifText & { readonly markdown: string }
  readonly helpUri?: string
  readonly defaultConfiguration: { readonly level: SarifLevel }
  readonly relationships?: readonly {
    readonly target: { readonly id: string; readonly toolComponent: { readonly name: string; readonly index: number } }
    readonly kinds: readonly string[]
  }[]
  readonly properties: Readonly<Record<string, unknown>>
}

export interface SarifTaxonomy {
  readonly name: string
  readonly organization: string
  readonly shortDescription: SarifText
  readonly informationUri: string
  readonly taxa: readonly { readonly id: string; readonly helpUri: string; readonly shortDescription?: SarifText }[]
}

export interface SarifInvocation {
  readonly executionSuccessful: boolean
  readonly toolExecutionNotifications: readonly {
    readonly descriptor: { readonly id: string; readonly index: number }
    readonly level: SarifLevel
    readonly message: SarifText
    readonly properties: Readonly<Record<string, unknown>>
  }[]
}

export interface SarifRegion {
  readonly startLine: number
  readonly startColumn?: number
  readonly endLine?: number
  readonly endColumn?: number
  readonly snippet?: SarifText
}

export interface SarifLocation {
  readonly id?: number
  readonly physicalLocation?: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string }
    readonly region?: SarifRegion
  }
  readonly logicalLocations?: readonly { readonly fullyQualifiedName: string; readonly kind: string }[]
  readonly message?: SarifText
}

/** One step of a code flow (section 3.38). */
export interface SarifThreadFlowLocation {
  readonly location: SarifLocation
  readonly importance: 'essential' | 'important' | 'unimportant'
  readonly nestingLevel?: number
  readonly kinds: readonly string[]
}

export interface SarifWebRequest {
  readonly protocol?: string
  readonly version?: string
  readonly method: string
  readonly target: string
  readonly headers?: Readonly<Record<string, string>>
  readonly parameters?: Readonly<Record<string, string>>
  readonly body?: SarifText
}

export interface SarifWebResponse {
  readonly protocol?: string
  readonly version?: string
  readonly statusCode?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: SarifText
  readonly noResponseReceived?: boolean
}

export interface SarifResult {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: SarifLevel
  readonly message: SarifText
  readonly locations: readonly SarifLocation[]
  readonly relatedLocations?: readonly SarifLocation[]
  readonly codeFlows?: readonly {
    readonly threadFlows: readonly { readonly locations: readonly SarifThreadFlowLocation[] }[]
  }[]
  readonly webRequest?: SarifWebRequest
  readonly webResponse?: SarifWebResponse
  readonly partialFingerprints: Readonly<Record<string, string>>
  readonly suppressions?: readonly {
    readonly kind: 'external'
    readonly status: 'accepted'
    readonly justification: string
  }[]
  readonly properties: Readonly<Record<string, unknown>>
}
