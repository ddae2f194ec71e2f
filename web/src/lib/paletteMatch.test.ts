import { expect, test } from 'vitest'
import { matching } from './paletteMatch.ts'

const entries = ['Studies', 'New study', 'hasty/app12', 'careful/app12', 'Study of prompts'].map((label) => ({ label }))
const labels = (text: string) => matching(entries, text).map(({ label }) => label)

test('no text keeps everything', () => expect(labels(' ')).toHaveLength(5))
test('what begins with the text comes first', () =>
  expect(labels('stud')).toEqual(['Studies', 'Study of prompts', 'New study']))
test('every word must occur', () => expect(labels('app12 hasty')).toEqual(['hasty/app12']))
