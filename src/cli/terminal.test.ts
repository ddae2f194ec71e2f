import { describe, expect, it } from 'vitest'
import { cutTo, screenOn } from './terminal.ts'

function watched(columns: number) {
  const written: string[] = []
  const stream = { isTTY: true, columns, rows: 24, write: (text: unknown) => written.push(String(text)) > 0 }
  return { stream, written, screen: screenOn(stream) }
}

describe('screenOn', () => {
  it('draws over what it drew before, in one write', () => {
    const { screen, written } = watched(20)
    screen.draw(['one', 'two'])
    screen.draw(['three'])
    expect(written).toEqual(['one\x1b[K\ntwo\x1b[K\n\x1b[J', '\x1b[2A\rthree\x1b[K\n\x1b[J'])
  })

  it('writes nothing when nothing changed, and clears itself', () => {
    const { screen, written } = watched(20)
    screen.draw(['one'])
    screen.draw(['one'])
    screen.clear()
    screen.clear()
    expect(written).toEqual(['one\x1b[K\n\x1b[J', '\x1b[1A\r\x1b[J'])
  })

  it('cuts lines to the window, and goes back over lines that a narrower window broke', () => {
    const { screen, stream, written } = watched(12)
    screen.draw(['0123456789abcdef'])
    stream.columns = 6
    screen.draw(['x'])
    expect(written).toEqual(['0123456789…\x1b[K\n\x1b[J', '\x1b[2A\rx\x1b[K\n\x1b[J'])
  })

  it('puts notes above what is drawn', () => {
    const { screen, written } = watched(20)
    screen.note('first\n')
    screen.draw(['busy'])
    screen.note('second\n')
    expect(written).toEqual(['first\n', 'busy\x1b[K\n\x1b[J', '\x1b[1A\r\x1b[Jsecond\nbusy\x1b[K\n\x1b[J'])
  })

  it('draws nothing where nobody watches', () => {
    const written: string[] = []
    const screen = screenOn({ write: (text: unknown) => written.push(String(text)) > 0 })
    screen.draw(['busy'])
    screen.clear()
    screen.note('a line\n')
    expect(written).toEqual(['a line\n'])
  })
})

describe('cutTo', () => {
  it('counts columns, not characters', () => {
    expect(cutTo('掲示板です', 7)).toBe('掲示板…')
    expect(cutTo('abc', 3)).toBe('abc')
  })
})
