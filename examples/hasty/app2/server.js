import 'dotenv/config'
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import bcrypt from 'bcryptjs'
import Database from 'better-sqlite3'
import cookieParser from 'cookie-parser'
import cors from 'cors'
import express from 'express'
import jwt from 'jsonwebtoken'

const app = express()
const db = new Database(process.env.DB_FILE || 'shop.db')
const JWT_SECRET = process.env.JWT_SECRET || 'shop-fallback-secret-9d2e'
const PORT = process.env.PORT || 3000

app.use(express.json())
app.use(cookieParser())
app.use(cors())
app.use(express.static('public'))

db.exec(`
  CREATE TABLE IF NOT EXISTS customers (
    id INTEGER PRIMARY KEY,
    email TEXT UNIQUE NOT NULL,
    password TEXT NOT NULL,
    role TEXT NOT NULL DEFAULT 'customer'
  );
  CREATE TABLE IF NOT EXISTS products (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    picture TEXT NOT NULL,
    cents INTEGER NOT NULL,
    stock INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL,
    status TEXT NOT NULL,
    cents INTEGER NOT NULL,
    created TEXT NOT NULL
  );
`)

function requireUser(req, res, next) {
  const token = req.cookies.session
  if (!token) return res.status(401).json({ error: 'Not signed in' })
  try {
    req.user = jwt.verify(token, JWT_SECRET, { algorithms: ['HS256'] })
  } catch {
    return res.status(401).json({ error: 'Session expired' })
  }
  next()
}

function requireStaff(req, res, next) {
  if (req.user.role !== 'staff') return res.status(403).json({ error: 'For staff only' })
  next()
}

function signIn(res, customer) {
  const token = jwt.sign({ id: customer.id, role: customer.role }, JWT_SECRET, { expiresIn: '7d' })
  res.cookie('session', token, { maxAge: 7 * 24 * 60 * 60 * 1000 })
}

app.post('/api/customers', async (req, res) => {
  const { email, password } = req.body
  if (!email || !password) return res.status(400).json({ error: 'Email and password are required' })
  try {
    const hash = await bcrypt.hash(password, 10)
    const result = db.prepare('INSERT INTO customers (email, password) VALUES (?, ?)').run(email, hash)
    signIn(res, { id: result.lastInsertRowid, role: 'customer' })
    res.status(201).json({ email })
  } catch (error) {
    res.status(500).json({ error: error.message, stack: error.stack })
  }
})

app.post('/api/session', async (req, res) => {
  const { email, password } = req.body
  const customer = db.prepare('SELECT * FROM customers WHERE email = ?').get(email)
  if (!customer || !(await bcrypt.compare(password, customer.password))) {
    return res.status(401).json({ error: 'Wrong email or password' })
  }
  signIn(res, customer)
  res.json({ email: customer.email })
})

app.delete('/api/session', (req, res) => {
  res.clearCookie('session')
  res.status(204).end()
})

app.get('/api/products', (req, res) => {
  const { q = '', sort = 'name' } = req.query
  const items = db.prepare(`SELECT * FROM products WHERE name LIKE ? ORDER BY ${sort}`).all(`%${q}%`)
  res.json({ items })
})

app.get('/api/products/:id', (req, res) => {
  const product = db.prepare('SELECT * FROM products WHERE id = ?').get(req.params.id)
  if (!product) return res.status(404).json({ error: 'No such product' })
  res.json(product)
})

app.post('/api/orders', requireUser, (req, res) => {
  const { items } = req.body
  if (!Array.isArray(items) || items.length === 0) return res.status(400).json({ error: 'The basket is empty' })
  let cents = 0
  for (const item of items) {
    const product = db.prepare('SELECT * FROM products WHERE id = ?').get(item.product)
    if (!product || product.stock < item.quantity) return res.status(409).json({ error: 'Not in stock' })
    cents += product.cents * item.quantity
  }
  const created = new Date().toISOString()
  const result = db
    .prepare("INSERT INTO orders (customer, status, cents, created) VALUES (?, 'placed', ?, ?)")
    .run(req.user.id, cents, created)
  const reference = `R-${Math.random().toString(36).slice(2, 10)}`
  res.status(201).json({ id: result.lastInsertRowid, cents, created, reference, status: 'placed' })
})

app.get('/api/orders', requireUser, (req, res) => {
  res.json({ items: db.prepare('SELECT * FROM orders WHERE customer = ?').all(req.user.id) })
})

app.post('/api/orders/:id/cancel', requireUser, (req, res) => {
  const order = db.prepare('SELECT * FROM orders WHERE id = ? AND customer = ?').get(req.params.id, req.user.id)
  if (!order) return res.status(404).json({ error: 'No such order' })
  db.prepare("UPDATE orders SET status = 'cancelled' WHERE id = ?").run(order.id)
  res.json({ ...order, status: 'cancelled' })
})

app.get('/api/orders/:id/invoice', requireUser, (req, res) => {
  const file = path.join('invoices', req.query.file)
  if (!fs.existsSync(file)) return res.status(404).json({ error: 'No invoice' })
  res.type('application/pdf').send(fs.readFileSync(file))
})

app.get('/api/staff/report', requireUser, requireStaff, (req, res) => {
  // TODO: implement the revenue report
  res.json({})
})

app.get('/leave', (req, res) => {
  res.redirect(req.query.to || '/')
})

app.listen(PORT, () => {
  console.log(`Shop listening on ${PORT}`)
})
