import type { Field } from '#bench/interfaces'
import { randomValue } from '../random.ts'

/** A value for a field, by what its name says; what says nothing is a text. */
const guesses: readonly (readonly [name: RegExp, value: (seed: string) => unknown])[] = [
  [/e-?mail/i, (seed) => randomValue('email', seed)],
  [/pass(?:word|wd|phrase)|confirm|^pwd$/i, (seed) => randomValue('password', seed)],
  [/user_?name|^login$|^user$|^nick/i, (seed) => randomValue('word', seed)],
  [
    /(?:^|_)(?:is|has)_|^(?:is|has)[A-Z]|^(?:done|completed?|checked|active|enabled|pinned|public|published|archived|important|closed)$/,
    () => false,
  ],
  [/(?:At|_at|[dD]ate|_on)$|^due|^date|^day$|deadline|birthday|^(?:start|end)s?$/, () => '2026-06-15'],
  [/^time$|_time$/, () => '10:30'],
  [/price|amount|total|cost|salary|balance|budget|cents/i, () => 10],
  [
    /quantity|qty|count|stock|age|year|rating|score|points|duration|minutes|hours|capacity|guests|servings|limit|number|level/i,
    () => 3,
  ],
  [/(?:_id|Id)$|^id$/, () => 1],
  [/^(?:lat|latitude|lng|lon|longitude)$/i, () => 12.5],
  [/url|link|website|image|photo|avatar|picture/i, () => 'https://example.com/a'],
  [/phone|mobile|^tel/i, () => '+4915112345678'],
  [/colou?r/i, () => '#336699'],
  [/^status$/i, () => 'pending'],
  [/^priority$/i, () => 'medium'],
  [
    /tags|items|options|ingredients|choices|members|labels|list$/i,
    (seed) => [randomValue('word', seed), randomValue('word', `${seed} 2`)],
  ],
]

/** The text by which a thing that was made up is known again. */
export function markerOf(seed: string): string {
  return randomValue('text', seed)
}

/** A body with a value for every field; texts are the marker. The same password and email for every field that asks for one. */
export function madeUpBody(fields: readonly Field[], seed: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.map(({ name }) => [name, madeUpValue(name, seed)]))
}

/** One value, the same for the same name and seed. */
export function madeUpValue(name: string, seed: string): unknown {
  const guess = guesses.find(([pattern]) => pattern.test(name))
  return guess === undefined ? markerOf(seed) : guess[1](seed)
}
