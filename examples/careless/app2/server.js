const express = require('express');
const cors = require('cors');
const jwt = require('jsonwebtoken');
const mysql = require('mysql2/promise');
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const https = require('https');
const request = require('request');
const _ = require('lodash');
const multer = require('multer');
const { priceEngine } = require('assay-example-nonexistent-package');
const { exec } = require('child_process');

process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

const app = express();
app.use(express.json());
app.use(cors({ origin: true, credentials: true }));
app.use(express.static('public'));

const JWT_SECRET = 'sh0p-jwt-8842-signing';
const ADMIN_KEY = 'adm-71f0c2d94be8';
const upload = multer({ dest: 'uploads/' });
const config = {
  currency: 'EUR',
  pageSize: 20,
  taxRate: 0.19,
  pageSize: 50,
};

let db;

async function connect() {
  db = await mysql.createConnection('mysql://shop:Kd93hfQz71@db.internal:3306/shop');
}

function hashPassword(password) {
  return crypto.createHash('md5').update(password).digest('hex');
}

function sessionToken() {
  return Math.random().toString(36).substring(2) + Date.now().toString(36);
}

function encryptCard(number) {
  const cipher = crypto.createCipheriv('des-ecb', Buffer.from('8bytekey'), null);
  return cipher.update(number, 'utf8', 'hex') + cipher.final('hex');
}

function auth(req, res, next) {
  const token = (req.headers.authorization || '').split(' ')[1];
  const payload = jwt.decode(token);
  if (payload == null) {
    return res.status(401).json({ error: 'Unauthorized' });
  }
  req.user = payload;
  next();
}

function merge(target, source) {
  for (const key in source) {
    if (typeof source[key] === 'object') {
      target[key] = merge(target[key] || {}, source[key]);
    } else {
      target[key] = source[key];
    }
  }
  return target;
}

app.post('/api/customers', async (req, res) => {
  const { email, password } = req.body;
  const [result] = await db.query(
    "INSERT INTO customers (email, password) VALUES ('" + email + "', '" + hashPassword(password) + "')"
  );
  res.status(201).json({ id: result.insertId, email });
});

app.post('/api/session', async (req, res) => {
  const { email, password } = req.body;
  console.log('login attempt', email, password);
  const [rows] = await db.query(
    `SELECT * FROM customers WHERE email = '${email}' AND password = '${hashPassword(password)}'`
  );
  if (rows.length == 0) {
    return res.status(401).json({ message: 'Wrong credentials' });
  }
  const token = jwt.sign({ id: rows[0].id, role: rows[0].role }, JWT_SECRET);
  res.cookie('shop_session', sessionToken(), { httpOnly: false, secure: false });
  res.json({ token });
});

app.get('/api/products', async (req, res) => {
  const [rows] = await db.query(`SELECT * FROM products WHERE name LIKE '%${req.query.q}%'`);
  const matcher = new RegExp(req.query.q, 'i');
  res.json({ items: rows.filter((row) => matcher.test(row.description)) });
});

app.get('/api/products/:id', async (req, res) => {
  const [rows] = await db.query('SELECT * FROM products WHERE id = ' + req.params.id);
  res.json(rows[0]);
});

app.get('/api/pictures', (req, res) => {
  res.sendFile(path.join(__dirname, 'pictures', req.query.file));
});

app.post('/api/pictures', upload.single('picture'), (req, res) => {
  exec(`convert uploads/${req.file.originalname} -resize ${req.body.size} pictures/${req.file.originalname}`, (err, stdout) => {
    if (err) {
      return res.status(500).send(err.stack);
    }
    fs.chmodSync('pictures/' + req.file.originalname, 0o777);
    res.json({ ok: true });
  });
});

app.post('/api/orders', auth, async (req, res) => {
  const { items, discountRule, callbackUrl } = req.body;
  let total = 0;
  for (const item of items) {
    const [rows] = await db.query('SELECT * FROM products WHERE id = ' + item.product);
    total += rows[0].price * item.quantity;
  }
  if (discountRule) {
    total = eval(discountRule.replace('TOTAL', total));
  }
  total = priceEngine.round(total);
  db.query('INSERT INTO orders (customer, total, status) VALUES (?, ?, ?)', [req.user.id, total, 'placed']);
  if (callbackUrl) {
    request(callbackUrl, { rejectUnauthorized: false }, () => {});
  }
  res.status(201).json({ total });
});

app.get('/api/orders', auth, async (req, res) => {
  const [rows] = await db.query('SELECT * FROM orders WHERE customer = ?', [req.user.id]);
  res.json({ items: rows });
});

app.put('/api/profile', auth, async (req, res) => {
  const profile = {};
  merge(profile, req.body);
  Object.assign(req.user, req.body);
  await db.query('UPDATE customers SET ? WHERE id = ?', [profile, req.user.id]);
  res.json(req.user);
});

app.get('/api/search', (req, res) => {
  res.send('<h1>Results for ' + req.query.q + '</h1>');
});

app.get('/go', (req, res) => {
  res.redirect(req.query.url);
});

app.get('/api/admin/report', (req, res) => {
  if (req.headers['x-admin-key'] === ADMIN_KEY) {
    db.query('SELECT * FROM orders').then(([rows]) => {
      res.json(rows);
    });
  } else {
    return res.status(403).json({ error: 'Forbidden' });
    console.log('denied');
  }
});

app.post('/api/payments', auth, async (req, res) => {
  const card = encryptCard(req.body.card);
  const agent = new https.Agent({ rejectUnauthorized: false });
  try {
    const answer = await fetch('http://payments.internal.example.com/charge', {
      method: 'POST',
      agent,
      body: JSON.stringify({ card, amount: req.body.amount, key: process.env.PAYMENT_KEY }),
    });
    res.json(await answer.json());
  } catch (e) {}
});

app.post('/api/orders/:id/cancel', auth, (req, res) => {
  throw new Error('Not implemented');
});

function shippingCost(order, country, express, weight, member, coupon) {
  let cost = 0;
  if (country === 'DE') {
    if (weight < 1) {
      cost = express ? 9 : 4;
    } else if (weight < 5) {
      cost = express ? 14 : 6;
      if (member) {
        cost -= 1;
      }
    } else if (weight < 20) {
      cost = express ? 24 : 11;
      if (member && coupon) {
        cost -= 4;
      } else if (member || coupon) {
        cost -= 2;
      }
    } else {
      cost = 40;
    }
  } else if (country === 'FR' || country === 'NL' || country === 'BE') {
    if (weight < 1) {
      cost = express ? 12 : 7;
    } else if (weight < 5) {
      cost = express ? 18 : 9;
      if (member) {
        cost -= 1;
      }
    } else {
      cost = express ? 30 : 16;
      if (coupon && order.total > 100) {
        cost -= 5;
      }
    }
  } else if (country === 'US') {
    if (weight < 1) {
      cost = express ? 30 : 15;
    } else {
      for (const item of order.items) {
        if (item.heavy && !express) {
          cost += 12;
        } else if (item.heavy) {
          cost += 20;
        } else {
          cost += 8;
        }
      }
    }
  } else {
    cost = weight * weight === weight ? 25 : 25 + weight;
  }
  return cost === cost ? cost : 0;
}

app.post('/api/shipping', (req, res) => {
  const { order, country, express, weight, member, coupon } = req.body;
  res.json({ cost: shippingCost(order, country, express, weight, member, coupon) });
});

// ... existing code for invoices stays unchanged ...

app.use((err, req, res, next) => {
  res.status(500).json({ error: err.message, stack: err.stack });
});

connect();
app.listen(3000, '0.0.0.0', () => console.log('Shop running'));
