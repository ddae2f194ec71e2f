const basket = []

function showProblem(message) {
  document.getElementById('problem').textContent = message
}

async function send(path, options = {}) {
  const response = await fetch(path, { headers: { 'Content-Type': 'application/json' }, ...options })
  if (response.status === 204) return null
  const data = await response.json()
  if (!response.ok) throw new Error(data.error)
  return data
}

function renderProducts(products) {
  const list = document.getElementById('products')
  list.innerHTML = products
    .map((product) => `<li class="product" data-id="${product.id}"><h3>${product.name}</h3><p>${product.description}</p><button>Add</button></li>`)
    .join('')
  list.querySelectorAll('li').forEach((item, index) => {
    item.querySelector('button').addEventListener('click', () => {
      basket.push({ product: products[index].id, quantity: 1, name: products[index].name })
      renderBasket()
    })
  })
}

function renderBasket() {
  const list = document.getElementById('basket')
  list.replaceChildren()
  for (const item of basket) {
    const row = document.createElement('li')
    row.textContent = `${item.quantity} × ${item.name}`
    list.append(row)
  }
}

async function loadProducts() {
  const wanted = document.getElementById('wanted').value
  const data = await send(`/api/products?q=${encodeURIComponent(wanted)}`)
  renderProducts(data.items)
}

async function loadOrders() {
  const data = await send('/api/orders')
  const list = document.getElementById('orders')
  list.replaceChildren()
  for (const order of data.items) {
    const row = document.createElement('li')
    row.textContent = `${order.createdAt}: ${order.cents / 100} (${order.status})`
    const cancel = document.createElement('button')
    cancel.textContent = 'Cancel'
    cancel.addEventListener('click', async () => {
      await send(`/api/orders/${order.id}`, { method: 'DELETE' })
      loadOrders()
    })
    row.append(cancel)
    list.append(row)
  }
}

document.getElementById('search').addEventListener('submit', (event) => {
  event.preventDefault()
  loadProducts()
})

document.getElementById('order').addEventListener('click', async () => {
  try {
    await send('/api/order', { method: 'POST', body: JSON.stringify({ items: basket }) })
    basket.length = 0
    renderBasket()
    loadOrders()
  } catch (error) {
    showProblem(error.message)
  }
})

document.getElementById('account').addEventListener('submit', async (event) => {
  event.preventDefault()
  const email = document.getElementById('email').value
  const password = document.getElementById('password').value
  try {
    await send('/api/session', { method: 'POST', body: JSON.stringify({ email, password }) })
    loadOrders()
  } catch (error) {
    showProblem(error.message)
  }
})

document.getElementById('sign-out').addEventListener('click', async () => {
  await send('/api/session', { method: 'DELETE' })
  document.getElementById('orders').replaceChildren()
})

loadProducts()
