import { expect, test } from 'vitest'
import { templateHits } from './templates.ts'

test.each([
  ['jinja', '<p>{{ poll.question|safe }}</p>'],
  ['html', '{{ text | safe }}'],
  ['jinja', '{% autoescape false %}{{ a }}{% endautoescape %}'],
  ['ejs', '<p><%- comment.text %></p>'],
  ['vue', '<template><p v-html="comment" /></template>'],
  ['svelte', '<p>{@html comment}</p>'],
])('%s: reports %s', (language, text) => {
  expect(templateHits(language, text).map((hit) => hit.rule)).toEqual(['raw-html'])
})

test.each([
  ['jinja', '{{ poll.question }}'],
  ['jinja', 'const data = {{ rows|tojson|safe }}'],
  ['jinja', '{{ "<b>x</b>"|safe }}'],
  ['jinja', '{{ form.csrf_token|safe }}'],
  ['ejs', "<%- include('header') %>"],
  ['ejs', '<%= comment.text %>'],
  ['vue', '<p v-html="DOMPurify.sanitize(comment)" />'],
  ['svelte', '<p>{comment}</p>'],
])('%s: leaves alone %s', (language, text) => {
  expect(templateHits(language, text)).toEqual([])
})
