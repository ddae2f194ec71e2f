import type { Exchange } from '#bench/findings'
import { statusOf, succeeded } from '../http/answer.ts'
import { type Lab, personOf } from '../lab.ts'
import { signature } from '../proof/differential.ts'
import type { AttackClass, Trial } from '../proof.ts'
import { signUpAndIn } from '../session/accounts.ts'
import { Visitor } from '../session/visitor.ts'

/** Wrong passwords in a row that no sensible limit allows (OWASP ASVS 5.0, 6.3.1, names brute-force protection). */
const tries = 15
/** Milliseconds by which the last answers must be slower than the first to count as slowed down. */
const slowed = 700

/** Demands that so many wrong passwords in a row are each refused alike and at once, and that the right one works right after them. */
export const unlimitedLogin: AttackClass = {
  id: 'unlimited-login',
  async attack(lab): Promise<Trial> {
    const { client } = lab.parts
    if (lab.accounts.login.length === 0)
      return { proofs: [], tried: 0, unmade: { outcome: 'not_applicable', reason: 'The app has no sign-in.' } }
    const victim = await signUpAndIn(client, lab.accounts, 'a third user', personOf(lab.word()))
    const [login] = lab.accounts.login
    if (victim === undefined || login === undefined)
      return { proofs: [], tried: 0, unmade: { outcome: 'error', reason: 'Nobody could sign up and in.' } }
    const [signedIn] = victim.history.slice(-1)
    if (
      signedIn?.request.body === undefined ||
      !signedIn.request.body.includes(spelt(victim.person.password, signedIn))
    )
      return { proofs: [], tried: 0, unmade: { outcome: 'error', reason: 'Signing in does not send the password.' } }
    const answers: Exchange[] = []
    for (let attempt = 0; attempt < tries; attempt += 1)
      answers.push(await guess(lab, signedIn, victim, `Wrong-${lab.word()}-1`))
    if (answers.some((answer) => answer.response !== undefined && signature(answer) === signature(signedIn)))
      return {
        proofs: [],
        tried: 0,
        unmade: { outcome: 'error', reason: 'Wrong passwords were not told from right ones.' },
      }
    const limited = answers.some((answer) => [429, 423].includes(statusOf(answer)) || statusOf(answer) === 0)
    const late = average(answers.slice(-3)) - average(answers.slice(0, 3))
    const entered = await guess(lab, signedIn, victim, victim.person.password)
    if (limited || late > slowed || !succeeded(entered)) return { proofs: [], tried: 1 }
    return {
      proofs: [
        {
          rule: 'unlimited-login',
          endpoint: login,
          message: `${answers.length} wrong passwords in a row were answered at once, and the right one was accepted right after them.`,
          exchanges: [...answers.slice(0, 1), ...answers.slice(-1), entered],
        },
      ],
      tried: 1,
    }
  },
}

function average(exchanges: readonly Exchange[]): number {
  return exchanges.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / Math.max(1, exchanges.length)
}

/** The request that signed somebody in once more, with another password and without their cookies. */
function guess(lab: Lab, { request }: Exchange, { person }: Visitor, password: string): Promise<Exchange> {
  const { pathname, search } = new URL(request.url)
  const headers = request.headers.filter(([name]) => /^(?:content-type|x-csrftoken|x-xsrf-token)$/i.test(name))
  const guesser = new Visitor('a guesser', person)
  const body = (request.body ?? '')
    .replaceAll(encodeURIComponent(person.password), encodeURIComponent(password))
    .replaceAll(formSpelt(person.password), formSpelt(password))
    .replaceAll(person.password, password)
  return lab.parts.client.send(
    { method: request.method, path: `${pathname}${search}`, headers, body },
    { purpose: password === person.password ? 'sends the right password' : 'sends a wrong password', visitor: guesser },
  )
}

function spelt(password: string, { request }: Exchange): string {
  return (
    [password, encodeURIComponent(password), formSpelt(password)].find(
      (text) => request.body?.includes(text) === true,
    ) ?? password
  )
}

function formSpelt(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}
