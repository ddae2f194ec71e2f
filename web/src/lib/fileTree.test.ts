import { expect, test } from 'vitest'
import { treeRows } from './fileTree.ts'

const paths = ['README.md', 'backend/app.py', 'frontend/src/pages/Home.jsx', 'frontend/src/pages/Login.jsx']
const drawn = (closed: string[] = []) =>
  treeRows(paths, new Set(closed)).map((row) => `${'  '.repeat(row.depth)}${row.name}${row.folder ? '/' : ''}`)

test('folders first, lonely folders written together', () => {
  expect(drawn()).toEqual(['backend/', '  app.py', 'frontend/src/pages/', '  Home.jsx', '  Login.jsx', 'README.md'])
})

test('a closed folder hides what it holds', () => {
  expect(drawn(['frontend/src/pages'])).toEqual(['backend/', '  app.py', 'frontend/src/pages/', 'README.md'])
})
