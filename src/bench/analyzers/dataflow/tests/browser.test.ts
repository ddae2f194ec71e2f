import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

/** Components with what is found in them: rule and confidence. */
const components: Readonly<Record<string, readonly [source: string, found: readonly string[]]>> = {
  'state set from the address of the page': [
    `import { useEffect, useState } from 'react'
export function Hello() {
  const [name, setName] = useState('')
  useEffect(() => { setName(new URLSearchParams(window.location.search).get('name')) }, [])
  return <div dangerouslySetInnerHTML={{ __html: '<b>' + name + '</b>' }} />
}
`,
    ['cross-site-scripting high'],
  ],
  'state shown as text': [
    `import { useEffect, useState } from 'react'
export function Hello() {
  const [name, setName] = useState('')
  useEffect(() => { setName(new URLSearchParams(window.location.search).get('name')) }, [])
  return <div>{name}</div>
}
`,
    [],
  ],
  'a reducer keeps what it was sent': [
    `import { useReducer } from 'react'
const reducer = (state, action) => ({ ...state, html: action.html })
export function Hello() {
  const [state, dispatch] = useReducer(reducer, { html: '' })
  const load = () => dispatch({ html: decodeURIComponent(window.location.hash) })
  return <div onClick={load} dangerouslySetInnerHTML={{ __html: state.html }} />
}
`,
    ['cross-site-scripting high'],
  ],
  'properties of a component': [
    `import React from 'react'
const Raw = ({ html }) => <p dangerouslySetInnerHTML={{ __html: html }} />
export function Page() {
  const [text] = React.useState(window.location.hash)
  return <Raw html={text} />
}
`,
    ['cross-site-scripting high'],
  ],
  'what is typed is run': [
    `import { useState } from 'react'
export function Filter({ rows, show }) {
  const [code, setCode] = useState('')
  const apply = () => show(rows.filter(eval('(row) => ' + code)))
  return <form onSubmit={apply}><input onChange={(e) => setCode(e.target.value)} /></form>
}
`,
    ['code-injection medium'],
  ],
  'what the server answers becomes HTML': [
    `import { useEffect, useState } from 'react'
export function List() {
  const [items, setItems] = useState([])
  useEffect(() => { fetch('/api/items').then((r) => r.json()).then((data) => setItems(data.items)) }, [])
  return <ul>{items.map((item) => <li key={item.id} dangerouslySetInnerHTML={{ __html: item.text }} />)}</ul>
}
`,
    ['cross-site-scripting medium'],
  ],
  'what the server answers is sanitised': [
    `import DOMPurify from 'dompurify'
import { useEffect, useState } from 'react'
export function List() {
  const [items, setItems] = useState([])
  useEffect(() => { fetch('/api/items').then((r) => r.json()).then((data) => setItems(data.items)) }, [])
  return <ul>{items.map((item) => <li dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(item.text) }} />)}</ul>
}
`,
    [],
  ],
  'numbers of an answer are not sure to be text': [
    `document.querySelector('#load').addEventListener('click', async () => {
  const response = await fetch('/api/items')
  const rows = await response.json()
  document.querySelector('#list').innerHTML = rows.map((row) => '<li>' + row.id + '</li>').join('')
})
`,
    ['cross-site-scripting low'],
  ],
  'the event of a listener': [
    `document.querySelector('#name').addEventListener('input', (event) => {
  document.querySelector('#hello').innerHTML = 'Hello ' + event.target.value
})
`,
    ['cross-site-scripting medium'],
  ],
  'an answer handed on by a server is no page': [
    `const express = require('express')
const app = express()
app.get('/', async (req, res) => {
  const answer = await fetch('https://example.org/feed')
  res.send(await answer.text())
})
`,
    [],
  ],
}

test('a page another file shows keeps its state', async () => {
  const page = `import { useState } from 'react'
export default function App() {
  const [code, setCode] = useState('')
  const run = () => eval(code)
  return <form><input onChange={(e) => setCode(e.target.value)} /><button onClick={run}>Run</button></form>
}
`
  const main = `import { createRoot } from 'react-dom/client'
import App from './App.jsx'
createRoot(document.getElementById('root')).render(<App />)
`
  const { findings } = await analyzeFiles(dataflow, { 'src/App.jsx': page, 'src/main.jsx': main })
  expect(findings.map(({ rule, confidence }) => `${rule} ${confidence}`)).toEqual(['code-injection medium'])
})

for (const [title, [source, found]] of Object.entries(components)) {
  test(title, async () => {
    const { findings } = await analyzeFiles(dataflow, { 'page.jsx': source })
    expect(findings.map(({ rule, confidence }) => `${rule} ${confidence}`)).toEqual(found)
  })
}
