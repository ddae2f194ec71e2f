import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matches, protect } from '../passwords.js'
import { readItems } from '../server.js'
import { openStore } from '../store.js'

const password = 'a long enough test password'

function filledStore() {
  const store = openStore(':memory:')
  store.addProduct({ name: 'Lamp', description: 'Bright', picture: 'lamp.svg', cents: 1999, stock: 2 })
  store.addCustomer('ada@example.org', 'not a real hash')
  return store
}

test('an order takes from the shelf and a cancelled one puts back', () => {
  const store = filledStore()
  const id = store.placeOrder(1, [{ product: 1, quantity: 2 }])
  assert.equal(store.order(id, 1).cents, 3998)
  assert.equal(store.placeOrder(1, [{ product: 1, quantity: 1 }]), null)
  assert.equal(store.cancelOrder(id), true)
  assert.equal(store.products('Lamp')[0].stock, 2)
})

test('an order belongs to its customer', () => {
  const store = filledStore()
  const id = store.placeOrder(1, [{ product: 1, quantity: 1 }])
  assert.equal(store.order(id, 2), undefined)
})

test('a password matches only what was protected', async () => {
  const stored = await protect(password)
  assert.equal(await matches(password, stored), true)
  assert.equal(await matches(`${password}!`, stored), false)
})

test('items are read whole or not at all', () => {
  assert.deepEqual(readItems([{ product: 1, quantity: 2, cents: 0 }]), [{ product: 1, quantity: 2 }])
  assert.equal(readItems([{ product: 1, quantity: -2 }]), undefined)
  assert.equal(readItems('everything'), undefined)
})
