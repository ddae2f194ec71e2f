import { expect, test } from 'vitest'
import { filledIn, formsIn } from './forms-in.ts'

test('a form is filled in as a person would, with what the page hides in it', () => {
  const [form] = formsIn(
    `<form action="?next=%2F" method="post">
       <input type="hidden" name="csrf" value="a&amp;b"><input name="email" type="email"><input name="age" type="number">
       <select name="size"><option value="">choose</option><option value="m">M</option></select>
       <input type="radio" name="r" value="one"><input type="radio" name="r" value="two"><textarea name="text"></textarea>
       <input type="submit" name="go" value="Send"></form>`,
    '/orders/new',
  )
  expect(form?.action).toBe('/orders/new?next=%2F')
  expect(form && filledIn(form, '1')).toMatchObject({
    csrf: 'a&b',
    email: expect.stringMatching(/@example\.com$/),
    age: '3',
    size: 'm',
    r: 'one',
    text: expect.stringMatching(/^\w+ \w+ \w+ \w+$/),
  })
  expect(form && Object.keys(filledIn(form, '1'))).not.toContain('go')
})

test('forms of other sites and forms that scripts send are left alone', () => {
  expect(
    formsIn(
      '<form action="https://example.com/x" method="post"><input name="a"></form><form id="f"><input name="b"></form>',
      '/',
    ),
  ).toEqual([])
})
