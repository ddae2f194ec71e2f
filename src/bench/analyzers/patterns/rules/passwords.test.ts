import { passwordRules } from './passwords.ts'
import { testRules } from './testing.ts'

testRules('passwords', passwordRules, {
  'plain-text-password': {
    vulnerable: [
      ['app.py', 'def login():\n    if user and user.password == password:\n        return ok()'],
      ['app.py', 'def login():\n    if user["password"] == request.json["password"]:\n        return ok()'],
      ['app.js', 'if (user.password !== req.body.password) { fail() }'],
      ['app.js', 'const user = users.find((u) => u.username === username && u.password === password)'],
      ['app.py', 'def register():\n    user.password = request.form["password"]'],
      [
        'app.py',
        'def register():\n    data = request.get_json()\n    user = User(name=data["name"], password=data["password"])',
      ],
    ],
    safe: [
      ['app.py', 'if bcrypt.checkpw(password.encode(), user.password):\n    ok()'],
      ['app.js', 'if (password !== confirmPassword) { fail() }'],
      ['app.js', 'if (form.password !== form.confirm) { fail() }'],
      ['app.js', 'const ok = await bcrypt.compare(password, user.password)'],
      ['app.py', 'if data["password"] == data["password_confirm"]:\n    ok()'],
      ['app.py', 'user.password = generate_password_hash(request.form["password"])'],
      ['app.py', 'if user.password == None:\n    pass'],
      ['app.js', 'if (this.state.password === values.password) { ok() }'],
    ],
  },
  'token-in-web-storage': {
    vulnerable: [
      ['login.js', "localStorage.setItem('token', data.token)"],
      ['login.jsx', "window.localStorage.setItem('jwt', response.data)"],
      ['login.ts', "sessionStorage.setItem('access_token', accessToken)"],
      ['login.ts', 'localStorage.setItem(TOKEN_KEY, response.accessToken)'],
    ],
    safe: [
      ['theme.js', "localStorage.setItem('theme', 'dark')"],
      ['todo.js', "localStorage.setItem('todos', JSON.stringify(todos))"],
      ['login.js', "localStorage.getItem('token')"],
      ['login.js', "cache.setItem('token', t)"],
      ['count.js', "localStorage.setItem('tokenCount', 3)"],
    ],
  },
})
