import { createHash, randomBytes } from 'node:crypto'
import Database from 'better-sqlite3'

const DAY = 24 * 60 * 60 * 1000

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS customers (
    id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, password TEXT NOT NULL, role TEXT NOT NULL DEFAULT 'customer');
  CREATE TABLE IF NOT EXISTS sessions (
    digest TEXT PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customers (id), expires INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS products (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL, picture TEXT NOT NULL,
    cents INTEGER NOT NULL CHECK (cents >= 0), stock INTEGER NOT NULL CHECK (stock >= 0));
  CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customers (id), status TEXT NOT NULL,
    cents INTEGER NOT NULL, created TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS lines (
    orderId INTEGER NOT NULL REFERENCES orders (id), product INTEGER NOT NULL REFERENCES products (id),
    quantity INTEGER NOT NULL CHECK (quantity > 0), cents INTEGER NOT NULL);
`

/** What is kept of a session: the database never holds the value of the cookie. */
const digestOf = (value) => createHash('sha256').update(value).digest('hex')

/** All the SQL of the shop. Amounts are integers in cents. */
export function openStore(file) {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('foreign_keys = ON')
  db.exec(SCHEMA)

  const restock = db.prepare('UPDATE products SET stock = stock + ? WHERE id = ?')
  const take = db.prepare('UPDATE products SET stock = stock - ? WHERE id = ? AND stock >= ?')

  /** Products by id, in one query: one placeholder for every id. */
  function productsById(ids) {
    const marks = ids.map(() => '?').join(', ')
    const rows = db.prepare(`SELECT * FROM products WHERE id IN (${marks})`).all(...ids)
    return new Map(rows.map((row) => [row.id, row]))
  }

  const placeOrder = db.transaction((customer, items) => {
    const products = productsById(items.map((item) => item.product))
    let cents = 0
    for (const { product, quantity } of items) {
      const found = products.get(product)
      if (found === undefined || take.run(quantity, product, quantity).changes === 0) return null
      cents += found.cents * quantity
    }
    const created = new Date().toISOString()
    const order = db
      .prepare("INSERT INTO orders (customer, status, cents, created) VALUES (?, 'placed', ?, ?)")
      .run(customer, cents, created)
    const line = db.prepare('INSERT INTO lines (orderId, product, quantity, cents) VALUES (?, ?, ?, ?)')
    for (const { product, quantity } of items) {
      line.run(order.lastInsertRowid, product, quantity, products.get(product).cents)
    }
    return Number(order.lastInsertRowid)
  })

  const cancelOrder = db.transaction((id) => {
    const done = db.prepare("UPDATE orders SET status = 'cancelled' WHERE id = ? AND status = 'placed'").run(id)
    if (done.changes === 0) return false
    for (const line of db.prepare('SELECT * FROM lines WHERE orderId = ?').all(id)) restock.run(line.quantity, line.product)
    return true
  })

  return {
    products(text) {
      const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
      return db.prepare("SELECT * FROM products WHERE name LIKE ? ESCAPE '\\' ORDER BY name LIMIT 100").all(pattern)
    },
    addProduct({ name, description, picture, cents, stock }) {
      db.prepare('INSERT INTO products (name, description, picture, cents, stock) VALUES (?, ?, ?, ?, ?)').run(
        name,
        description,
        picture,
        cents,
        stock,
      )
    },
    customer: (email) => db.prepare('SELECT * FROM customers WHERE email = ?').get(email),
    addCustomer(email, password) {
      const query = 'INSERT INTO customers (email, password) VALUES (?, ?) ON CONFLICT (email) DO NOTHING'
      const added = db.prepare(query).run(email, password)
      return added.changes === 0 ? null : Number(added.lastInsertRowid)
    },
    openSession(customer, days) {
      const value = randomBytes(32).toString('base64url')
      db.prepare('INSERT INTO sessions (digest, customer, expires) VALUES (?, ?, ?)').run(
        digestOf(value),
        customer,
        Date.now() + days * DAY,
      )
      return value
    },
    customerOfSession(value) {
      return db
        .prepare('SELECT customers.* FROM sessions JOIN customers ON customers.id = customer WHERE digest = ? AND expires > ?')
        .get(digestOf(value), Date.now())
    },
    closeSession: (value) => db.prepare('DELETE FROM sessions WHERE digest = ?').run(digestOf(value)),
    // A failed order must not keep what it took from the shelf.
    placeOrder(customer, items) {
      db.exec('SAVEPOINT attempt')
      const id = placeOrder(customer, items)
      if (id === null) db.exec('ROLLBACK TO attempt')
      db.exec('RELEASE attempt')
      return id
    },
    orders: (customer) => db.prepare('SELECT * FROM orders WHERE customer = ? ORDER BY id DESC').all(customer),
    order(id, customer) {
      const order = db.prepare('SELECT * FROM orders WHERE id = ? AND customer = ?').get(id, customer)
      if (order === undefined) return undefined
      const query = 'SELECT name, quantity, lines.cents FROM lines JOIN products ON products.id = product WHERE orderId = ?'
      return { ...order, lines: db.prepare(query).all(id) }
    },
    cancelOrder: (id) => cancelOrder(id),
    revenue: () => db.prepare("SELECT count(*) AS orders, total(cents) AS cents FROM orders WHERE status = 'placed'").get(),
    close: () => db.close(),
  }
}
