import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder with small generated-looking apps, `{model}/app{n}`, no two alike. */
export async function writeApps(models: readonly string[], each: number): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'assay-browser-apps-'))
  const stamp = path.slice(-6)
  for (const model of models) {
    for (let number = 1; number <= each; number++) {
      const folder = join(path, model, `app${number}`)
      await mkdir(join(folder, 'frontend/src'), { recursive: true })
      const files = appFiles(`${model}_${number}_${stamp}`)
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    }
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

const appFiles = (title: string): Record<string, string> => ({
  'app.py': `from flask import Flask, jsonify, request

app = Flask("${title.replaceAll('-', '_')}")


@app.route("/api/notes")
def notes():
    return jsonify([])


@app.route("/api/run")
def run():
    return str(eval(request.args["code"]))


app.run(debug=True)
`,
  'requirements.txt': 'flask==3.1.2\n',
  'frontend/package.json': '{ "name": "notes", "version": "1.0.0", "dependencies": { "react": "19.3.1" } }\n',
  'frontend/src/App.jsx': `import { useEffect, useState } from 'react'

export function App() {
  const [notes, setNotes] = useState([])
  useEffect(() => {
    fetch('/api/notes').then((answer) => answer.json()).then(setNotes)
  }, [])
  return <ul title="${title}">{notes.map((note) => <li key={note.id} dangerouslySetInnerHTML={{ __html: note.text }} />)}</ul>
}
`,
})
