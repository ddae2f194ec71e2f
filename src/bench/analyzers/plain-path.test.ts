import { describe, expect, it } from 'vitest'
import { plainPath } from './plain-path.ts'

describe('plainPath', () => {
  it.each([
    ['src/pages/[id] (new).tsx', 'src/pages/[id] (new).tsx'],
    ['größe/日本.py', 'größe/日本.py'],
    ['new\nline.js', 'renamed/7.js'],
    ['back\\slash.py', 'renamed/7.py'],
    [`${'x'.repeat(201)}.ts`, 'renamed/7.ts'],
    ['no\u0000extension', 'renamed/7.txt'],
  ])('%j becomes %j', (path, expected) => {
    expect(plainPath(path, 7)).toBe(expected)
  })
})
