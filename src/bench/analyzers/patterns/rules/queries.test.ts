// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cases are source code
import { queryRules } from './queries.ts'
import { testRules } from './testing.ts'

testRules('queries', queryRules, {
  'sql-built-from-text': {
    vulnerable: [
      [
        'app.js',
        "db.query('SELECT * FROM t WHERE a = ' + req.query.a + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ')",
      ],
      ['app.py', 'def f(name):\n    cur.execute(f"SELECT * FROM users WHERE name = \'{name}\'")'],
      ['app.py', 'def f(name):\n    cur.execute("SELECT * FROM users WHERE name = \'%s\'" % name)'],
      [
        'app.py',
        'def f(name):\n    query = "SELECT * FROM users WHERE name = \'" + name + "\'"\n    cur.execute(query)',
      ],
      ['app.py', 'def f(name):\n    db.session.execute(text("DELETE FROM t WHERE n = \'{}\'".format(name)))'],
      [
        'app.py',
        'def f(name):\n    sql = "SELECT * FROM users WHERE 1=1"\n    sql += f" AND name = \'{name}\'"\n    cur.execute(sql)',
      ],
      [
        'app.py',
        '@app.route("/u")\ndef f():\n    q = request.args.get("q")\n    conn.execute(f"SELECT * FROM t WHERE a LIKE \'%{q}%\' ORDER BY b")',
      ],
      ['app.js', 'db.query(`SELECT * FROM users WHERE id = ${req.params.id}`)'],
      ['app.js', 'db.all("SELECT * FROM users WHERE name = \'" + name + "\'", cb)'],
      ['app.js', 'function f(id) { const sql = `DELETE FROM t WHERE id = ${id}`\n db.run(sql) }'],
      ['app.py', 'def f(table):\n    cur.execute("SELECT COUNT(*) FROM %s" % table)', 'low'],
      [
        'app.py',
        'def f(self):\n    for pragma, value in self.p:\n        cur.execute("PRAGMA %s = %s;" % (pragma, value))',
        'low',
      ],
      ['app.py', 'def f(t, c, v):\n    cur.execute("UPDATE %s SET %s = \'%s\'" % (t, c, v))', 'high'],
      ['app.py', 'def f(a, b):\n    cur.execute("SELECT R.`%s`, R.`%s` FROM `%s`" % (a, b, a))', 'low'],
      ['app.py', 'def f(a, b):\n    cur.execute(f"SELECT {a}, {b} FROM t")', 'low'],
      ['app.py', 'def f(t):\n    cur.execute("UPDATE {t} SET a = 1".format(t=t))', 'low'],
      ['app.js', 'function f(order) { db.all(`SELECT * FROM t ORDER BY ${order}`) }', 'low'],
      ['app.js', "app.get('/', (req, res) => { db.all(`SELECT * FROM t ORDER BY ${req.query.sort}`) })", 'critical'],
      ['app.js', "function f(name) { db.all('SELECT * FROM t WHERE a = 1 AND b = ' + name) }", 'high'],
    ],
    safe: [
      [
        'app.py',
        'def f(self, name):\n    cur.execute("SELECT * FROM %s LIMIT 1" % self.connection.ops.quote_name(name))',
      ],
      [
        'app.py',
        'def f(self, key):\n    quote_name = self.ops.quote_name\n    table = quote_name(self._table)\n    cur.execute("DELETE FROM %s WHERE %s = %%s" % (table, quote_name("k")), [key])',
      ],
      [
        'app.py',
        'def f(self, a, b):\n    cur.execute("INSERT INTO %s (%s) SELECT 1" % (self.quote_name(a), ", ".join(self.quote_name(x) for x in b)))',
      ],
      ['app.js', 'db.query(`SELECT * FROM ${mysql.escapeId(table)} WHERE id = ?`, [id])'],
      [
        'app.js',
        "const tail = 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a ' + 'a '\ndb.query('SELECT * FROM t WHERE a = 1 ' + tail)",
      ],
      ['app.py', 'def f(name):\n    cur.execute("SELECT * FROM users WHERE name = %s", (name,))'],
      ['app.py', 'TABLE = "users"\ndef f(name):\n    cur.execute(f"SELECT * FROM {TABLE} WHERE name = ?", (name,))'],
      [
        'app.py',
        'def f(ids):\n    marks = ",".join("?" for _ in ids)\n    cur.execute(f"SELECT * FROM t WHERE id IN ({marks})", ids)',
      ],
      [
        'app.py',
        'def f(ids):\n    marks = ", ".join(["?"] * len(ids))\n    cur.execute(f"SELECT * FROM t WHERE id IN ({marks})", ids)',
      ],
      [
        'app.py',
        'def f(data):\n    sets = []\n    if "a" in data:\n        sets.append("a = ?")\n    cur.execute(f"UPDATE t SET {\', \'.join(sets)} WHERE id = ?", v)',
      ],
      [
        'app.py',
        'def f(sort):\n    if sort not in ("name", "age"):\n        sort = "name"\n    cur.execute(f"SELECT * FROM t ORDER BY {sort}")',
      ],
      ['app.py', 'def f(n):\n    cur.execute(f"SELECT * FROM t LIMIT {int(n)}")'],
      [
        'app.py',
        'def f(sort):\n    column = {"a": "name", "b": "age"}.get(sort, "name")\n    cur.execute(f"SELECT * FROM t ORDER BY {column}")',
      ],
      ['app.py', 'def f(name):\n    executor.execute(f"hello {name}")'],
      ['app.js', "db.query('SELECT * FROM users WHERE id = $1', [req.params.id])"],
      ['app.js', 'const marks = ids.map(() => "?").join(",")\ndb.all(`SELECT * FROM t WHERE id IN (${marks})`, ids)'],
      ['app.js', 'app.get(`/users/${version}`, handler)'],
      ['app.js', "let sql = 'SELECT * FROM t WHERE 1=1'\nif (q) { sql += ' AND a = ?' }\ndb.all(sql, params)"],
      ['app.js', 'prisma.$queryRaw`SELECT * FROM t WHERE id = ${id}`'],
    ],
  },
  'nosql-query-from-request': {
    vulnerable: [
      ['app.js', 'const user = await User.findOne(req.body)'],
      [
        'app.js',
        "const user = await db.collection('users').findOne({ name: req.body.name, password: req.body.password })",
      ],
      ['app.js', 'const filter = req.query\nconst found = await Item.find(filter)'],
      ['app.py', 'user = db.users.find_one(request.json)'],
      ['app.js', 'Item.find({ $where: `this.owner == "${name}"` })'],
    ],
    safe: [
      ['app.js', 'const user = await User.findOne({ name: String(req.body.name) })'],
      ['app.js', 'const user = await User.findOne({ name: req.body.name })'],
      ['app.js', 'const found = items.find((item) => item.id === req.params.id)'],
      ['app.py', 'user = db.users.find_one({"name": name})'],
    ],
  },
  'mass-assignment': {
    vulnerable: [
      ['app.js', 'const user = await User.create(req.body)'],
      ['app.js', 'await Item.findByIdAndUpdate(req.params.id, req.body)'],
      ['app.js', 'Object.assign(user, req.body)'],
      ['app.py', 'user = User(**request.json)'],
      ['app.py', 'data = request.get_json()\nuser = User(**data)'],
    ],
    safe: [
      ['app.js', 'const user = await User.create({ name: req.body.name })'],
      ['app.js', 'const body = Object.assign({}, req.body)'],
      ['app.js', "import { z } from 'zod'\nconst user = await User.create(req.body)"],
      ['app.py', 'user = UserCreate(**request.json)'],
      ['app.py', 'user = User(name=request.json["name"])'],
    ],
  },
})
