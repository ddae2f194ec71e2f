import { marked } from 'marked'
import { useEffect, useState } from 'react'
import { v4 as uuid } from 'uuid'

const API_BASE = import.meta.env.VITE_API_BASE || ''

async function request(path, options = {}) {
  const response = await fetch(`${API_BASE}${path}`, {
    credentials: 'include',
    headers: { 'Content-Type': 'application/json' },
    ...options,
  })
  if (response.status === 204) return null
  const data = await response.json()
  if (!response.ok) throw new Error(data.error || 'Request failed')
  return data
}

function LoginForm({ onLogin }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [error, setError] = useState('')

  const submit = async (path) => {
    try {
      const user = await request(path, { method: 'POST', body: JSON.stringify({ email, password }) })
      onLogin(user)
    } catch (err) {
      setError(err.message)
    }
  }

  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <h1>Notes</h1>
      <label htmlFor="email">Email</label>
      <input id="email" type="email" value={email} onChange={(event) => setEmail(event.target.value)} />
      <input
        type="password"
        placeholder="Password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {error && <p className="problem">{error}</p>}
      <button type="button" onClick={() => submit('/api/auth/login')}>
        Sign in
      </button>
      <button type="button" onClick={() => submit('/api/auth/register')}>
        Create account
      </button>
    </form>
  )
}

function NoteList({ notes, selectedId, onSelect, onDelete }) {
  if (notes.length === 0) return <p>No notes yet.</p>
  return (
    <ul>
      {notes.map((note) => (
        <li key={note.id}>
          <button
            type="button"
            className="note-row"
            aria-current={note.id === selectedId}
            onClick={() => onSelect(note)}
          >
            {note.title}
          </button>
          <span className="remove" onClick={() => onDelete(note.id)}>
            ×
          </span>
        </li>
      ))}
    </ul>
  )
}

function NoteEditor({ note, onChange, onSave }) {
  return (
    <section>
      <label>
        Title
        <input value={note.title} onChange={(event) => onChange({ ...note, title: event.target.value })} />
      </label>
      <label>
        Text
        <textarea rows={12} value={note.body} onChange={(event) => onChange({ ...note, body: event.target.value })} />
      </label>
      <label>
        <input
          type="checkbox"
          checked={note.pinned}
          onChange={(event) => onChange({ ...note, pinned: event.target.checked })}
        />
        Pinned
      </label>
      <button type="button" onClick={onSave}>
        Save
      </button>
      <article dangerouslySetInnerHTML={{ __html: marked.parse(note.body) }} />
    </section>
  )
}

function Toolbar({ user, query, onQuery, onNew, onLogout }) {
  return (
    <header>
      <img src="/logo.svg" width="32" height="32" />
      <h1>{user.displayName}</h1>
      <label>
        Search
        <input type="search" value={query} onChange={(event) => onQuery(event.target.value)} />
      </label>
      <button type="button" onClick={onNew}>
        New note
      </button>
      <button type="button" onClick={() => console.log('export clicked')}>
        Export
      </button>
      <button type="button" onClick={onLogout}>
        Sign out
      </button>
    </header>
  )
}

export default function App() {
  const [user, setUser] = useState(null)
  const [notes, setNotes] = useState([])
  const [current, setCurrent] = useState(null)
  const [query, setQuery] = useState('')
  const [error, setError] = useState('')
  const [sortOrder, setSortOrder] = useState('updated_at DESC')

  const load = async () => {
    try {
      const data = await request(`/api/notes?q=${encodeURIComponent(query)}&sort=${encodeURIComponent(sortOrder)}`)
      setNotes(data.items)
    } catch (err) {
      setError(err.message)
    }
  }

  useEffect(() => {
    if (user) load()
  }, [user])

  const save = async () => {
    try {
      if (current.id) {
        await request(`/api/notes/${current.id}`, {
          method: 'POST',
          body: JSON.stringify({ title: current.title, body: current.body, pinned: current.pinned }),
        })
      } else {
        await request('/api/notes', {
          method: 'POST',
          body: JSON.stringify({ title: current.title, body: current.body, clientId: uuid() }),
        })
      }
      load()
    } catch (err) {
      setError(err.message)
    }
  }

  const remove = async (id) => {
    await request(`/api/note/${id}`, { method: 'DELETE' })
    setCurrent(null)
    load()
  }

  const logout = async () => {
    await request('/api/auth/logout', { method: 'POST' })
    setUser(null)
  }

  if (!user) return <LoginForm onLogin={setUser} />

  return (
    <main>
      <Toolbar
        user={user}
        query={query}
        onQuery={setQuery}
        onNew={() => setCurrent({ title: '', body: '', pinned: false })}
        onLogout={logout}
      />
      {error && <p className="problem">{error}</p>}
      <div className="columns">
        <NoteList notes={notes} selectedId={current?.id} onSelect={setCurrent} onDelete={remove} />
        {current && <NoteEditor note={current} onChange={setCurrent} onSave={save} />}
      </div>
    </main>
  )
}
