import { normalisePythonName } from '#bench/manifests'
import { Unavailable } from '#platform/errors'
import type { LaunchFailure, Provision } from '../contract.ts'

/** Distributions whose modules are called otherwise, of those that small web applications use. */
const distributions: Readonly<Record<string, string>> = {
  bs4: 'beautifulsoup4',
  crypto: 'pycryptodome',
  cv2: 'opencv-python',
  dateutil: 'python-dateutil',
  docx: 'python-docx',
  dotenv: 'python-dotenv',
  fitz: 'pymupdf',
  jose: 'python-jose',
  jwt: 'pyjwt',
  magic: 'python-magic',
  mysqldb: 'mysqlclient',
  pil: 'pillow',
  psycopg2: 'psycopg2-binary',
  serial: 'pyserial',
  sklearn: 'scikit-learn',
  slugify: 'python-slugify',
  socketio: 'python-socketio',
  yaml: 'pyyaml',
}

/**
 * Whether a package that is missing is the fault of this machine: the app declares it, and the registry that has it could not be asked.
 *
 * @param declared names of packages as the app's manifests give them
 * @throws Unavailable when it is
 */
export function blameMachine(
  failure: LaunchFailure,
  provisions: readonly Provision[],
  declared: ReadonlySet<string>,
): void {
  const { package: name } = failure
  if (failure.kind !== 'missing-package' || name === undefined) return
  const unreachable = provisions.map((provision) => provision.unreachable).find((reason) => reason !== undefined)
  if (unreachable === undefined) return
  const plain = normalisePythonName(name)
  const names = [name, plain, distributions[plain] ?? plain, ...(plain === 'psycopg2' ? ['psycopg2-binary'] : [])]
  // Programs of packages have names of their own: `vite`, `tsc`.
  const isProgram = failure.message.startsWith('The command')
  if (!isProgram && !names.some((each) => declared.has(each))) return
  throw new Unavailable(`The package ${name} is declared, but cannot be installed on this machine: ${unreachable}`, {
    next: 'Make the registry reachable, or configure a mirror of it for npm or pip.',
  })
}
