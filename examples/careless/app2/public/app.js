const API = 'http://localhost:3000';
let cart = [];
let token = localStorage.getItem('token');

async function search() {
  const q = document.getElementById('q').value;
  const res = await fetch(API + '/api/products?q=' + q);
  const data = await res.json();
  renderProducts(data.products);
}

function renderProducts(products) {
  const box = document.getElementById('products');
  box.innerHTML = '';
  products.forEach((product) => {
    box.innerHTML += `<div class="product" onclick="addToCart(${product.id})"><img src="${product.picture}"><h3>${product.name}</h3><p>${product.description}</p></div>`;
  });
}

function addToCart(id) {
  cart.push({ id: id, qty: 1 });
  renderCart();
}

function renderCart() {
  document.getElementById('cart').innerHTML = cart.map((item) => '<li>' + item.id + '</li>').join('');
}

async function checkout() {
  const res = await fetch(API + '/api/orders', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer ' + token },
    body: JSON.stringify({ products: cart, country: document.getElementById('country').value }),
  });
  const order = await res.json();
  document.write('<h2>Thank you for order ' + order.id + '</h2>');
}

async function applyCoupon(code) {
  const res = await fetch(API + '/api/coupons/' + code);
  return res.json();
}

async function updateProfile(profile) {
  await fetch(API + '/api/profile', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer ' + token },
    body: JSON.stringify(profile),
  });
}

function handleWishlist() {
  // handle wishlist click here
}

document.getElementById('wishlist').addEventListener('click', handleWishlist);
window.addEventListener('message', (event) => {
  setTimeout(event.data, 100);
});

const message = new URLSearchParams(location.search).get('message');
if (message) {
  document.getElementById('products').innerHTML = message;
}
search();
