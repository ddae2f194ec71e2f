import type { InventoryItem } from './inventory.ts'

/** What a CycloneDX document says about the app itself. */
export interface BillOfMaterialsSubject {
  readonly name: string
  readonly version?: string
  /** UTC ISO-8601. */
  readonly timestamp: string
  /** A UUID; the document's serial number. */
  readonly serial: string
  readonly tool: { readonly name: string; readonly version: string }
}

/** The inventory as a CycloneDX 1.6 JSON document (https://cyclonedx.org/docs/1.6/json/), ready for JSON.stringify. */
export function cycloneDx(items: readonly InventoryItem[], subject: BillOfMaterialsSubject) {
  const components = items.map(componentOf)
  const references = new Map(components.map((component) => [component['bom-ref'], component]))
  const root = `app:${subject.name}`
  const direct = items.filter((item) => item.direct).map(packageUrl)
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${subject.serial}`,
    version: 1,
    metadata: {
      timestamp: subject.timestamp,
      tools: { components: [{ type: 'application', name: subject.tool.name, version: subject.tool.version }] },
      component: {
        type: 'application',
        'bom-ref': root,
        name: subject.name,
        ...(subject.version !== undefined && { version: subject.version }),
      },
    },
    components: [...references.values()],
    dependencies: [{ ref: root, dependsOn: [...new Set(direct)].sort() }],
  }
}

function componentOf(item: InventoryItem) {
  const purl = packageUrl(item)
  return {
    type: 'library',
    'bom-ref': purl,
    ...splitName(item),
    ...(item.version !== undefined && { version: item.version }),
    scope: item.kind === 'runtime' ? 'required' : item.kind === 'dev' ? 'excluded' : 'optional',
    purl,
    ...(item.licence !== undefined && { licenses: [licenceOf(item.licence)] }),
    properties: [
      { name: 'assay:file', value: `${item.file}:${item.line}` },
      { name: 'assay:version', value: item.known },
    ],
  }
}

function splitName({ ecosystem, name }: InventoryItem) {
  const slash = name.indexOf('/')
  return ecosystem === 'npm' && slash !== -1 ? { group: name.slice(0, slash), name: name.slice(slash + 1) } : { name }
}

/** `pkg:npm/%40scope/name@1.0.0` (https://github.com/package-url/purl-spec). */
export function packageUrl({
  ecosystem,
  name,
  version,
}: Pick<InventoryItem, 'ecosystem' | 'name' | 'version'>): string {
  const path = name.split('/').map(encodeURIComponent).join('/')
  return `pkg:${ecosystem}/${path}${version === undefined ? '' : `@${encodeURIComponent(version)}`}`
}

/** An SPDX expression as such, anything else as a name. */
function licenceOf(licence: string) {
  return /^[\w.+-]+(?: (?:AND|OR|WITH) [\w.+-]+)*$|^\([\w.+() -]+\)$/.test(licence)
    ? { expression: licence }
    : { license: { name: licence } }
}
