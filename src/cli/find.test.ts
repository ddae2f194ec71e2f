import { describe, expect, it } from 'vitest'
import { shortIds } from './find.ts'
import { isGitAddress } from './source.ts'

describe('shortIds', () => {
  it('keeps as much as tells the ids apart', () => {
    const ids = [
      '01890a5d-ac96-774b-bcce-b302099a8057',
      '01890a5d-ac96-774b-bcce-b302099a8058',
      '01890a5e-0000-7000-8000-000000000000',
    ]
    expect(shortIds(ids.slice(1), 13)).toEqual(['01890a5d-ac96', '01890a5e-0000'])
    expect(shortIds(ids, 13)).toEqual(ids)
  })
})

describe('isGitAddress', () => {
  it.each([
    ['https://example.org/a/b', true],
    ['git@example.org:a/b.git', true],
    ['../bare.git', true],
    ['file:///srv/apps', true],
    ['./apps', false],
    ['apps.zip', false],
  ])('%s: %s', (text, expected) => expect(isGitAddress(text)).toBe(expected))
})
