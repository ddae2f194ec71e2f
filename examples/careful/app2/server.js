import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { realpathSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import cookieParser from 'cookie-parser'
import express from 'express'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import { matches, protect } from './passwords.js'
import { openStore } from './store.js'

const here = path.dirname(fileURLToPath(import.meta.url))
const COOKIE = '__Host-shop'
const PICTURES = new Set(['chair.svg', 'lamp.svg', 'table.svg'])
const PAGES = { orders: '/#orders', products: '/#products' }
const ADDRESS = /^[^@\s]{1,64}@[^@\s]{1,190}$/
const PASSWORD_TOO_SHORT = 'A password has 12 to 200 characters.'
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The items of an order: 1 to 50 different products, 1 to 99 of each; undefined for anything else. */
export function readItems(value) {
  if (!Array.isArray(value) || value.length === 0 || value.length > 50) return undefined
  const seen = new Set()
  const items = []
  for (const entry of value) {
    const product = entry?.product
    const quantity = entry?.quantity
    if (!Number.isSafeInteger(product) || seen.has(product)) return undefined
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > 99) return undefined
    seen.add(product)
    items.push({ product, quantity })
  }
  return items
}

/** Tells a browser whether its copy of the list is still good; nothing rests on it being hard to forge. */
function etagOf(products) {
  const etag = createHash('md5').update(JSON.stringify(products))
  return `"${etag.digest('base64url')}"`
}

/** The shop as an Express application. `origin` is the address of its own pages. */
export function createShop({ store, origin, sessionDays, revision }) {
  const app = express()
  // Compared against when the address is unknown, so that both answers take equally long.
  const nobody = protect(randomBytes(16).toString('hex'))
  app.disable('x-powered-by')
  app.use(helmet())
  app.use(express.json({ limit: '50kb' }))
  app.use(cookieParser())

  app.use((request, response, next) => {
    if (!SAFE_METHODS.has(request.method) && request.get('origin') !== origin) {
      response.status(403).json({ error: 'This page may not change anything here.' })
      return
    }
    const session = request.cookies[COOKIE]
    request.customer = typeof session === 'string' ? store.customerOfSession(session) : undefined
    next()
  })

  const signedIn = (request, response, next) => {
    if (request.customer === undefined) response.status(401).json({ error: 'Sign in first.' })
    else next()
  }
  const staffOnly = (request, response, next) => {
    if (request.customer?.role !== 'staff') response.status(403).json({ error: 'For staff only.' })
    else next()
  }
  const slowDown = rateLimit({ windowMs: 15 * 60 * 1000, limit: 20, message: { error: 'Too many attempts.' } })

  function welcome(response, customer, email, status) {
    const session = store.openSession(customer, sessionDays)
    response.cookie(COOKIE, session, {
      httpOnly: true,
      secure: true,
      sameSite: 'strict',
      path: '/',
      maxAge: sessionDays * 24 * 60 * 60 * 1000,
    })
    response.status(status).json({ email })
  }

  function credentials(request) {
    const { email, password } = request.body ?? {}
    if (typeof email !== 'string' || !ADDRESS.test(email)) return undefined
    if (typeof password !== 'string' || password.length < 12 || password.length > 200) return undefined
    return { email: email.toLowerCase(), password }
  }

  app.post('/api/customers', slowDown, async (request, response) => {
    const given = credentials(request)
    if (given === undefined) return response.status(400).json({ error: PASSWORD_TOO_SHORT })
    const id = store.addCustomer(given.email, await protect(given.password))
    if (id === null) return response.status(409).json({ error: 'This address is taken.' })
    return welcome(response, id, given.email, 201)
  })

  app.post('/api/session', slowDown, async (request, response) => {
    const given = credentials(request)
    const customer = given && store.customer(given.email)
    const right = given && (await matches(given.password, customer?.password ?? (await nobody)))
    if (customer === undefined || !right) {
      return response.status(401).json({ error: 'Unknown address or wrong password.' })
    }
    return welcome(response, customer.id, customer.email, 200)
  })

  app.delete('/api/session', signedIn, (request, response) => {
    store.closeSession(request.cookies[COOKIE])
    response.clearCookie(COOKIE, { httpOnly: true, secure: true, sameSite: 'strict', path: '/' })
    response.status(204).end()
  })

  app.get('/api/products', (request, response) => {
    const text = typeof request.query.q === 'string' ? request.query.q.slice(0, 100) : ''
    const products = store.products(text)
    response.set('ETag', etagOf(products))
    response.json({ items: products })
  })

  app.get('/pictures/:name', (request, response) => {
    if (!PICTURES.has(request.params.name)) return response.status(404).json({ error: 'No such picture.' })
    return response.sendFile(request.params.name, { root: path.join(here, 'pictures') })
  })

  app.post('/api/orders', signedIn, (request, response) => {
    const items = readItems(request.body?.items)
    if (items === undefined) return response.status(400).json({ error: 'Send 1 to 50 items with a quantity of 1 to 99.' })
    const id = store.placeOrder(request.customer.id, items)
    if (id === null) return response.status(409).json({ error: 'Not enough in stock.' })
    return response.status(201).json(store.order(id, request.customer.id))
  })

  app.get('/api/orders', signedIn, (request, response) => {
    response.json({ items: store.orders(request.customer.id) })
  })

  app.get('/api/orders/:id', signedIn, (request, response) => {
    const order = store.order(Number(request.params.id), request.customer.id)
    if (order === undefined) return response.status(404).json({ error: 'There is no such order.' })
    return response.json(order)
  })

  app.post('/api/orders/:id/cancel', signedIn, (request, response) => {
    const order = store.order(Number(request.params.id), request.customer.id)
    if (order === undefined) return response.status(404).json({ error: 'There is no such order.' })
    if (!store.cancelOrder(order.id)) return response.status(409).json({ error: 'It is cancelled already.' })
    return response.json(store.order(order.id, request.customer.id))
  })

  app.get('/api/staff/report', staffOnly, (_request, response) => {
    response.json(store.revenue())
  })

  app.get('/go/:page', (request, response) => {
    const target = Object.hasOwn(PAGES, request.params.page) ? PAGES[request.params.page] : '/'
    response.redirect(303, target)
  })

  app.get('/api/health', (_request, response) => {
    response.json({ status: 'ok', revision })
  })

  app.use(express.static(path.join(here, 'public')))

  app.use((error, request, response, _next) => {
    const status = error.status >= 400 && error.status < 500 ? error.status : 500
    if (status === 500) console.error(request.method, request.path, error)
    response.status(status).json({ error: status === 500 ? 'Something went wrong here.' : 'This request makes no sense.' })
  })
  return app
}

/** The commit this was started from, or 'unknown' outside a checkout. */
function readRevision() {
  return new Promise((resolve) => {
    execFile('git', ['rev-parse', '--short', 'HEAD'], { cwd: here, timeout: 5000 }, (error, output) => {
      resolve(error === null ? output.trim() : 'unknown')
    })
  })
}

function required(name) {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`Set ${name}; .env.example shows how.`)
  return value
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const shop = createShop({
    store: openStore(process.env.SHOP_DATABASE ?? 'shop.db'),
    origin: required('SHOP_ORIGIN'),
    sessionDays: Number(process.env.SHOP_SESSION_DAYS ?? '7'),
    revision: await readRevision(),
  })
  shop.listen(Number(process.env.PORT ?? '3000'), process.env.HOST ?? '127.0.0.1')
}
