import type { Exchange } from '#bench/findings'
import { bodyOf, headerOf, redirectOf, statusOf } from '../http/answer.ts'
import type { Lab } from '../lab.ts'
import type { AttackClass, Proof, Target } from '../proof.ts'
import { eachTarget, titleOf } from './each-target.ts'

const kinds: readonly (readonly [ending: string, type: string, active: RegExp])[] = [
  ['html', 'text/html', /^(?:text\/html|application\/xhtml)/i],
  ['html', 'image/png', /^(?:text\/html|application\/xhtml)/i],
  ['svg', 'image/svg+xml', /^image\/svg/i],
]
const folders = [
  '/uploads/',
  '/upload/',
  '/files/',
  '/static/uploads/',
  '/static/',
  '/media/',
  '/images/',
  '/download/',
  '/file/',
  '/',
]

/** Demands that an uploaded page comes back as a page, whole and not as an attachment, or that a file lands outside the folder by its name. */
export const unrestrictedUpload: AttackClass = {
  id: 'unrestricted-upload',
  attack: (lab) =>
    eachTarget(lab, {
      targets: lab.targets().filter(({ parameter }) => parameter.place === 'file'),
      nothing: 'The app takes no files.',
      width: 1,
      attempt: async (target) => (await servedBack(lab, target)) ?? (await escapes(lab, target)),
    }),
}

async function servedBack(lab: Lab, target: Target): Promise<Proof | undefined> {
  for (const [ending, type, active] of kinds) {
    const word = lab.word()
    const content =
      ending === 'svg'
        ? `<svg xmlns="http://www.w3.org/2000/svg"><script>${word}</script></svg>`
        : `<!doctype html><script>${word}</script>`
    const fileName = `${word}.${ending}`
    const upload = await lab.submit(target.endpoint, 'uploads a page with a script', {
      files: new Map([[target.parameter.name, { fileName, type, content }]]),
    })
    if (statusOf(upload) >= 400 || statusOf(upload) === 0) continue
    for (const path of addressesOf(lab, upload, fileName)) {
      const served = await lab.get(path, 'fetches what was uploaded')
      if (statusOf(served) !== 200 || !bodyOf(served).includes(content)) continue
      if (
        !active.test(headerOf(served, 'content-type') ?? '') ||
        /attachment/i.test(headerOf(served, 'content-disposition') ?? '')
      )
        continue
      return {
        rule: 'unrestricted-upload',
        ...target,
        message: `A page uploaded in ${titleOf(target)} is served at ${path} as ${headerOf(served, 'content-type')}: its script runs with the origin of the app.`,
        exchanges: [upload, served],
        shows: word,
        family: `${ending} as ${type}`,
      }
    }
  }
  return undefined
}

async function escapes(lab: Lab, target: Target): Promise<Proof | undefined> {
  const { canary } = lab.parts
  for (const write of [(path: string) => `${'../'.repeat(9)}${path.slice(1)}`, (path: string) => path]) {
    for (const ending of ['', '.png', '.txt']) {
      const word = `${lab.word()}${ending}`
      const exchange = await lab.submit(target.endpoint, 'uploads a file whose name leads outside', {
        files: new Map([
          [target.parameter.name, { fileName: write(`${canary.folder}/${word}`), type: 'text/plain', content: word }],
        ]),
      })
      if (!(await lab.touched(word))) continue
      return {
        rule: 'path-traversal',
        ...target,
        message: `The name of the file in ${titleOf(target)} leads outside: ${canary.folder}/${word} appeared.`,
        exchanges: [exchange],
        observed: [`The file ${canary.folder}/${word} appeared.`],
        family: 'file name',
      }
    }
  }
  return undefined
}

/** Where the file may be: addresses the answer names, then the usual folders and those of the app's own routes. */
function addressesOf(lab: Lab, upload: Exchange, fileName: string): string[] {
  const named = [...bodyOf(upload).matchAll(/(?:https?:\/\/[^"'\s<>/]+)?(\/[^"'\s<>()]{1,200})/g)].map(
    ([, path = '']) => path,
  )
  const stored = [...bodyOf(upload).matchAll(/["'>\s]([\w.-]{4,80}\.(?:html|svg|\w{2,4}))["'<\s]/g)].map(
    ([, name = '']) => name,
  )
  const redirect = redirectOf(upload)?.pathname
  const routes = lab.endpoints
    .filter(
      ({ method, path }) =>
        method === 'GET' &&
        /\/(?::\w+)$/.test(path) &&
        /file|upload|media|image|download|static|avatar|attachment|rest/i.test(path),
    )
    .map(({ path }) => path.replace(/:\w+$/, ''))
  const names = [...new Set([...stored, fileName])]
  const guesses = [...routes, ...folders].flatMap((folder) => names.map((name) => `${folder}${name}`))
  return [
    ...new Set([
      ...named.filter((path) => path.includes('.') || path.includes('upload')),
      ...(redirect === undefined ? [] : [redirect]),
      ...guesses,
    ]),
  ].slice(0, 40)
}
