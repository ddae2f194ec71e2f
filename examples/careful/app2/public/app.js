const SVG = 'http://www.w3.org/2000/svg'
const BASKET_KEY = 'shop.basket'
const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })
const basket = new Map(readBasket())

function byId(id) {
  return document.getElementById(id)
}

function readBasket() {
  const kept = localStorage.getItem(BASKET_KEY)
  if (kept === null) return []
  try {
    const entries = JSON.parse(kept)
    return Array.isArray(entries) ? entries : []
  } catch (error) {
    console.warn('The basket could not be read and is empty now.', error)
    return []
  }
}

/** An element with properties and children; text stays text. */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

function showProblem(message) {
  byId('problem').textContent = message
  byId('problem').hidden = message === ''
}

/** One request to the shop; rejects with the shop's own explanation. */
async function send(path, method = 'GET', data = undefined) {
  const response = await fetch(path, {
    method,
    headers: data === undefined ? {} : { 'Content-Type': 'application/json' },
    body: data === undefined ? undefined : JSON.stringify(data),
  })
  if (response.status === 204) return null
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error)
  return answer
}

/** Runs an action of the customer and shows what went wrong, if anything. */
async function attempt(action) {
  try {
    showProblem('')
    await action()
  } catch (error) {
    showProblem(error.message)
  }
}

/** A few coloured sparks where the pointer is: pure decoration. */
function celebrate(x, y) {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
  for (let count = 0; count < 12; count += 1) {
    const spark = document.createElementNS(SVG, 'svg')
    spark.setAttribute('class', 'spark')
    spark.style.left = `${x + Math.random() * 60 - 30}px`
    spark.style.top = `${y + Math.random() * 60 - 30}px`
    spark.style.background = `hsl(${Math.floor(Math.random() * 360)} 80% 60%)`
    document.body.append(spark)
    setTimeout(() => spark.remove(), 600)
  }
}

function changeBasket(product, quantity) {
  if (quantity > 0) basket.set(product.id, { name: product.name, cents: product.cents, quantity })
  else basket.delete(product.id)
  localStorage.setItem(BASKET_KEY, JSON.stringify([...basket]))
  drawBasket()
}

function productCard(product) {
  const add = element('button', { type: 'button', textContent: 'Add to the basket', disabled: product.stock === 0 })
  add.addEventListener('click', (event) => {
    changeBasket(product, (basket.get(product.id)?.quantity ?? 0) + 1)
    celebrate(event.clientX, event.clientY)
  })
  return element(
    'li',
    { className: 'product' },
    element('img', { src: `/pictures/${encodeURIComponent(product.picture)}`, alt: '', width: 96, height: 96 }),
    element('h3', { textContent: product.name }),
    element('p', { textContent: product.description }),
    element('p', { textContent: money.format(product.cents / 100) }),
    add,
  )
}

function drawBasket() {
  const rows = [...basket].map(([id, { name, cents, quantity }]) => {
    const input = element('input', { type: 'number', min: '0', max: '99', value: String(quantity) })
    input.setAttribute('aria-label', `Quantity of ${name}`)
    input.addEventListener('change', () => changeBasket({ id, name, cents }, Number(input.value)))
    return element(
      'tr',
      {},
      element('td', { textContent: name }),
      element('td', {}, input),
      element('td', { textContent: money.format((cents * quantity) / 100) }),
    )
  })
  byId('basket').replaceChildren(...rows)
  byId('order').disabled = rows.length === 0
}

async function loadProducts(wanted) {
  const { items } = await send(`/api/products?q=${encodeURIComponent(wanted)}`)
  byId('product-list').innerHTML = ''
  byId('product-list').append(...items.map(productCard))
}

function orderRow(order) {
  const row = element('li', { textContent: `${order.created.slice(0, 10)}: ${money.format(order.cents / 100)} ` })
  if (order.status !== 'placed') {
    row.append('(cancelled)')
    return row
  }
  const cancel = element('button', { type: 'button', textContent: 'Cancel' })
  cancel.addEventListener('click', () =>
    attempt(async () => {
      await send(`/api/orders/${order.id}/cancel`, 'POST')
      await loadOrders()
    }),
  )
  row.append(cancel)
  return row
}

async function loadOrders() {
  const { items } = await send('/api/orders')
  byId('order-list').replaceChildren(...items.map(orderRow))
}

byId('search').addEventListener('submit', (event) => {
  event.preventDefault()
  attempt(() => loadProducts(byId('wanted').value))
})

byId('order').addEventListener('click', () =>
  attempt(async () => {
    const items = [...basket].map(([product, { quantity }]) => ({ product, quantity }))
    await send('/api/orders', 'POST', { items })
    basket.clear()
    localStorage.removeItem(BASKET_KEY)
    drawBasket()
    await Promise.all([loadOrders(), loadProducts(byId('wanted').value)])
  }),
)

byId('account').addEventListener('submit', (event) => {
  event.preventDefault()
  const path = event.submitter.value === 'customers' ? '/api/customers' : '/api/session'
  attempt(async () => {
    await send(path, 'POST', { email: byId('email').value, password: byId('password').value })
    byId('password').value = ''
    await loadOrders()
  })
})

byId('sign-out').addEventListener('click', () =>
  attempt(async () => {
    await send('/api/session', 'DELETE')
    byId('order-list').replaceChildren()
  }),
)

drawBasket()
attempt(() => loadProducts(''))
