import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { open, serverUrl, startBrowser, titled, visit } from './browser.ts'
import { runCommand, type Server, startServer } from './server.ts'

const email = 'ada@example.org'
const password = 'correct horse battery staple'

describe.skipIf(!serverUrl)(titled('signing in'), () => {
  let browser: Browser
  let server: Server
  beforeAll(async () => {
    browser = await startBrowser()
    server = await startServer({
      environment: { ASSAY_SECRET: 'a secret of the browser tests, 32 characters or more' },
      prepare: (environment) =>
        runCommand(
          ['members', 'add', email, '--name', 'Ada', '--role', 'admin', '--password-stdin'],
          environment,
          `${password}\n`,
        ),
    })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  test('a wrong password is told, the right one enters where one wanted to go, signing out leaves', {
    timeout: 60_000,
  }, async () => {
    const { context, page } = await visit(browser, { width: 390, scheme: 'light' })
    await open(page, `${server.url}/members/keys`)
    await page.getByRole('heading', { name: 'Sign in to Assay' }).waitFor()
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill('not the password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('The email address or the password is wrong.').waitFor()
    expect(await page.getByLabel('E-mail').inputValue()).toBe(email)

    await page.getByLabel('Password').fill(password)
    await page.keyboard.press('Enter')
    await page.getByText('No keys yet').waitFor()
    expect(new URL(page.url()).pathname).toBe('/members/keys')

    await page.getByRole('button', { name: /^Account/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to Assay' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in to Assay' }).waitFor()
    await context.close()
  })
})
