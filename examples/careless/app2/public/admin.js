const BASE = 'http://localhost:3000';

async function loadOpenOrders(key) {
  const res = await fetch(BASE + '/api/admin/report', { headers: { 'x-admin-key': key } });
  const orders = await res.json();
  const table = document.getElementById('open-orders');
  table.replaceChildren();
  for (const order of orders) {
    if (order.status === 'placed') {
      const row = document.createElement('tr');
      const number = document.createElement('td');
      const customer = document.createElement('td');
      const total = document.createElement('td');
      number.textContent = order.id;
      customer.textContent = order.customer;
      total.textContent = (order.total / 100).toFixed(2) + ' EUR';
      row.append(number, customer, total);
      table.append(row);
    }
  }
}

async function loadCancelledOrders(key) {
  const res = await fetch(BASE + '/api/admin/report', { headers: { 'x-admin-key': key } });
  const orders = await res.json();
  const table = document.getElementById('cancelled-orders');
  table.replaceChildren();
  for (const order of orders) {
    if (order.status === 'cancelled') {
      const row = document.createElement('tr');
      const number = document.createElement('td');
      const customer = document.createElement('td');
      const total = document.createElement('td');
      number.textContent = order.id;
      customer.textContent = order.customer;
      total.textContent = (order.total / 100).toFixed(2) + ' EUR';
      row.append(number, customer, total);
      table.append(row);
    }
  }
}

loadOpenOrders(localStorage.getItem('adminKey'));
loadCancelledOrders(localStorage.getItem('adminKey'));
