import DOMPurify from 'dompurify'
import { marked } from 'marked'
import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react'

const API = `${import.meta.env.BASE_URL}api`
const NOTES = `${API}/notes`
const PASSWORD_HINT = 'At least 12 characters'
const HELP_URL = 'https://www.markdownguide.org/basic-syntax/'
const EMPTY = { title: '', body: '', tags: [] }

/** One request to the service; rejects with the service's own explanation. */
async function send(path, { method = 'GET', data, signal } = {}) {
  const response = await fetch(path, {
    method,
    signal,
    credentials: 'same-origin',
    headers: data === undefined ? {} : { 'Content-Type': 'application/json' },
    body: data === undefined ? undefined : JSON.stringify(data),
  })
  if (response.status === 204) return null
  const answer = await response.json()
  if (!response.ok) throw Object.assign(new Error(answer.error ?? response.statusText), { status: response.status })
  return answer
}

function SignIn({ onSignedIn }) {
  const [mode, setMode] = useState('login')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState(null)
  const emailId = useId()

  async function submit(event) {
    event.preventDefault()
    setProblem(null)
    try {
      const path = mode === 'login' ? `${API}/auth/login` : `${API}/auth/register`
      const account = await send(path, { method: 'POST', data: { email, password } })
      onSignedIn(account.email)
    } catch (error) {
      setProblem(error.message)
    }
  }

  return (
    <form onSubmit={submit}>
      <h1>{mode === 'login' ? 'Sign in' : 'Create an account'}</h1>
      <p>
        <label htmlFor={emailId}>Address</label>
        <input
          id={emailId}
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </p>
      <p>
        <label>
          Password
          <input
            type="password"
            autoComplete={mode === 'login' ? 'current-password' : 'new-password'}
            placeholder={PASSWORD_HINT}
            required
            minLength={12}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
      </p>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit">{mode === 'login' ? 'Sign in' : 'Create'}</button>
      <button type="button" onClick={() => setMode(mode === 'login' ? 'register' : 'login')}>
        {mode === 'login' ? 'I have no account' : 'I have an account'}
      </button>
    </form>
  )
}

/** Markdown as it will look. What the author typed is cleaned before it becomes HTML. */
function Preview({ text }) {
  const html = useMemo(() => DOMPurify.sanitize(marked.parse(text)), [text])
  return <article aria-label="Preview" dangerouslySetInnerHTML={{ __html: html }} />
}

function TagList({ tags, onRemove }) {
  return (
    <ul aria-label="Tags">
      {tags.map((tag) => (
        <li key={tag}>
          {tag}
          <button type="button" aria-label={`Remove the tag ${tag}`} onClick={() => onRemove(tag)}>
            ×
          </button>
        </li>
      ))}
    </ul>
  )
}

function NoteRow({ note, current, onOpen }) {
  // A little unevenness makes the list appear like cards being dealt.
  const delay = useMemo(() => `${Math.round(Math.random() * 80)}ms`, [])
  const open = () => onOpen(note.id)
  return (
    <div
      role="button"
      tabIndex={0}
      className="note-row"
      aria-current={current}
      style={{ animationDelay: delay }}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault()
          open()
        }
      }}
    >
      {note.pinned && <img src="/pin.svg" alt="Pinned" width="12" height="12" />}
      <img src="/page.svg" alt="" width="12" height="12" /> {note.title}
    </div>
  )
}

function Editor({ note, onSaved, onDeleted, onProblem }) {
  const [draft, setDraft] = useState(note)
  const [tag, setTag] = useState('')
  const dialog = useRef(null)

  function addTag() {
    const name = tag.trim()
    if (name !== '' && !draft.tags.includes(name)) setDraft({ ...draft, tags: [...draft.tags, name] })
    setTag('')
  }

  async function save(event) {
    event.preventDefault()
    const { id, title, body, tags, pinned } = draft
    try {
      const saved = id
        ? await send(`${NOTES}/${id}`, { method: 'PUT', data: { title, body, tags, pinned } })
        : await send(NOTES, { method: 'POST', data: { title, body, tags } })
      setDraft(saved)
      onSaved(saved)
    } catch (error) {
      onProblem(error)
    }
  }

  async function remove() {
    try {
      await send(`${NOTES}/${draft.id}`, { method: 'DELETE' })
      onDeleted(draft.id)
    } catch (error) {
      onProblem(error)
    }
  }

  return (
    <form onSubmit={save}>
      <p>
        <label>
          Title
          <input value={draft.title} required onChange={(event) => setDraft({ ...draft, title: event.target.value })} />
        </label>
      </p>
      <p>
        <label>
          Text
          <textarea
            rows={12}
            value={draft.body}
            onChange={(event) => setDraft({ ...draft, body: event.target.value })}
          />
        </label>
        <a href={HELP_URL} target="_blank" rel="noopener noreferrer">
          Markdown in one page
        </a>
      </p>
      <TagList
        tags={draft.tags}
        onRemove={(name) => setDraft({ ...draft, tags: draft.tags.filter((other) => other !== name) })}
      />
      <p>
        <input aria-label="New tag" value={tag} onChange={(event) => setTag(event.target.value)} />
        <button type="button" onClick={addTag}>
          Add the tag
        </button>
      </p>
      {draft.id && (
        <label>
          <input
            type="checkbox"
            checked={draft.pinned}
            onChange={(event) => setDraft({ ...draft, pinned: event.target.checked })}
          />
          Keep at the top
        </label>
      )}
      <p>
        <button type="submit">Save</button>
        {draft.id && (
          <button type="button" onClick={() => dialog.current.showModal()}>
            Delete
          </button>
        )}
      </p>
      <dialog ref={dialog} aria-label="Delete this note?">
        <p>Delete “{draft.title}”? It cannot be brought back.</p>
        <button type="button" onClick={remove}>
          Delete it
        </button>
        <button type="button" onClick={() => dialog.current.close()}>
          Keep it
        </button>
      </dialog>
      <Preview text={draft.body} />
    </form>
  )
}

function Exports() {
  return (
    <nav aria-label="Exports">
      <a href={`${NOTES}/export?format=json`}>Download as JSON</a>{' '}
      <a href={`${NOTES}/export?format=markdown`}>Download as Markdown</a>
    </nav>
  )
}

export default function App() {
  const [account, setAccount] = useState(undefined)
  const [notes, setNotes] = useState([])
  const [prompt, setPrompt] = useState('')
  const [wanted, setWanted] = useState('')
  const [open, setOpen] = useState(null)
  const [problem, setProblem] = useState(null)

  const report = useCallback((error) => {
    if (error.name === 'AbortError') return
    if (error.status === 401) {
      setAccount(null)
      return
    }
    setProblem(error.message)
    setAccount((known) => (known === undefined ? '' : known))
  }, [])

  const load = useCallback(
    async (signal) => {
      try {
        const found = await send(`${NOTES}?q=${encodeURIComponent(wanted)}`, { signal })
        setNotes(found.items)
        setPrompt(found.prompt)
        setAccount((known) => known ?? '')
      } catch (error) {
        report(error)
      }
    },
    [wanted, report],
  )

  useEffect(() => {
    const cancellation = new AbortController()
    load(cancellation.signal)
    return () => cancellation.abort()
  }, [load])

  async function signOut() {
    try {
      await send(`${API}/auth/logout`, { method: 'POST' })
      window.location.assign('/')
    } catch (error) {
      report(error)
    }
  }

  async function show(id) {
    try {
      setOpen(await send(`${NOTES}/${id}`))
    } catch (error) {
      report(error)
    }
  }

  if (account === undefined) return <p aria-live="polite">Loading…</p>
  if (account === null) {
    return (
      <main>
        <SignIn
          onSignedIn={(email) => {
            setAccount(email)
            load()
          }}
        />
      </main>
    )
  }

  return (
    <main>
      <header>
        <h1>Notes</h1>
        <label>
          Search
          <input type="search" value={wanted} onChange={(event) => setWanted(event.target.value)} />
        </label>
        <button type="button" onClick={() => setOpen(EMPTY)}>
          New note
        </button>
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      </header>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <div className="columns">
        <section aria-label="All notes">
          {notes.length === 0 && <p>No notes yet. {prompt}</p>}
          {notes.map((note) => (
            <NoteRow key={note.id} note={note} current={open?.id === note.id} onOpen={show} />
          ))}
          <Exports />
        </section>
        {open && (
          <Editor
            key={open.id ?? 'new'}
            note={open}
            onSaved={() => load()}
            onDeleted={() => {
              setOpen(null)
              load()
            }}
            onProblem={report}
          />
        )}
      </div>
    </main>
  )
}
