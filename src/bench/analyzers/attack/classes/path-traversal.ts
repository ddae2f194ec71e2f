import { bodyOf } from '../http/answer.ts'
import type { Lab } from '../lab.ts'
import type { AttackClass, Proof, Target } from '../proof.ts'
import { eachTarget, targetsFor, titleOf } from './each-target.ts'

const words =
  /\bopen\s*\(|\bsend_?file\b|sendFile|send_from_directory|readFile|createReadStream|writeFile|createWriteStream|\bfs\b|Path\s*\(|os\.path|shutil|unlink|\bread_text|\.save\s*\(/
const up = '../'.repeat(9)

/** Ways to write an absolute path so that it is reached from a folder. */
const families: readonly (readonly [name: string, write: (path: string) => string])[] = [
  ['dots', (path) => `${up}${path.slice(1)}`],
  ['absolute', (path) => path],
  ['doubled dots', (path) => `${'....//'.repeat(9)}${path.slice(1)}`],
  ['encoded dots', (path) => `${'..%2f'.repeat(9)}${path.slice(1).replaceAll('/', '%2f')}`],
]

/** For a value that is a piece of the path itself. */
const pathFamilies: typeof families = [
  ['encoded slashes', (path) => `raw:${'..%2f'.repeat(9)}${path.slice(1).replaceAll('/', '%2f')}`],
  ['plain dots', (path) => `raw:${up}${path.slice(1)}`],
  ['encoded dots', (path) => `raw:${'%2e%2e/'.repeat(9)}${path.slice(1)}`],
  ['encoded twice', (path) => `raw:${'..%252f'.repeat(9)}${path.slice(1).replaceAll('/', '%252f')}`],
  ['absolute', (path) => `raw:${path.replaceAll('/', '%2f')}`],
]

/** Demands that the content of a canary file outside the app's folder comes back, or that a file of a random name appears there. */
export const pathTraversal: AttackClass = {
  id: 'path-traversal',
  attack: (lab) =>
    eachTarget(lab, {
      targets: targetsFor(lab, {
        code: words,
        names:
          /file|path|name|page|doc|template|dir|folder|image|img|download|lang|theme|report|view|include|rest|key|slug/i,
        except: /pass|email/i,
      }),
      nothing: 'The code of the app touches no files, or takes no parameters.',
      attempt: async (target) => (await reads(lab, target)) ?? (await writes(lab, target)),
    }),
}

async function reads(lab: Lab, target: Target): Promise<Proof | undefined> {
  const { canary } = lab.parts
  for (const [family, write] of target.parameter.place === 'path' ? pathFamilies : families) {
    for (const file of [canary.file, canary.file.replace(/\.txt$/, '')]) {
      const exchange = await lab.attempt(target, write(file), 'asks for the canary file outside the app')
      if (!bodyOf(exchange).includes(canary.content)) continue
      const missing = await lab.attempt(target, write(`${file}-missing`), 'asks for a file that does not exist')
      if (bodyOf(missing).includes(canary.content)) continue
      const opened = await lab.observed(canary.file, ['file-read'])
      return {
        rule: 'path-traversal',
        ...target,
        message: `${capital(titleOf(target))} reads files outside the app: the answer holds the content of ${canary.file}.`,
        exchanges: [exchange, missing],
        shows: canary.content,
        observed: opened.slice(-1).map(({ detail }) => `The app opened ${detail}.`),
        family,
      }
    }
  }
  return undefined
}

const writing =
  /writeFile|createWriteStream|\.save\s*\(|open\s*\([^)]*['"][wax]|write_text|write_bytes|copyFile|rename|shutil|appendFile/

async function writes(lab: Lab, target: Target): Promise<Proof | undefined> {
  if (target.endpoint.method === 'GET' || !writing.test(target.endpoint.code ?? lab.parts.code)) return undefined
  const { canary } = lab.parts
  for (const [family, write] of families.slice(0, 2)) {
    const word = lab.word()
    const exchange = await lab.attempt(target, write(`${canary.folder}/${word}`), 'names a file outside the app')
    const written = await lab.observed(`${canary.folder}/${word}`, ['file-write'])
    if (!(await lab.touched(word)) && !written.some(({ detail }) => detail.startsWith(canary.folder))) continue
    const control = lab.word()
    const plain = await lab.attempt(target, control, 'names a file without a folder')
    if (await lab.touched(control)) continue
    return {
      rule: 'path-traversal',
      ...target,
      message: `${capital(titleOf(target))} writes files outside the app: ${canary.folder}/${word} appeared.`,
      exchanges: [exchange, plain],
      observed: [`The file ${canary.folder}/${word} appeared; a plain name made none there.`],
      family: `writing, ${family}`,
    }
  }
  return undefined
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
