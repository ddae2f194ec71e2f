import type { RawFinding } from '#bench/findings'
import { tagsIn } from '#bench/interfaces'
import { fieldOf, nodesUnder, textOf } from '#bench/syntax'
import { excuse, type Functions } from './functions.ts'
import { findingAt, type View } from './view.ts'

/** `<a href="#">` without anything that handles it, told once a file. */
export function deadLinksInJsx(view: View): RawFinding[] {
  if (view.root === undefined) return []
  const dead = [...nodesUnder(view.root)].filter((node) => {
    if (node.type !== 'jsx_opening_element' || textOf(fieldOf(node, 'name') ?? node) !== 'a') return false
    const text = textOf(node)
    return (
      /\bhref=\{?["'](?:#|javascript:void\(0\);?|)["']/.test(text) && !/\bon[A-Z]\w+=|\{\.\.\.|\bid=|\bdata-/.test(text)
    )
  })
  return deadLinks(
    view,
    dead.map(({ line }) => line),
  )
}

function deadLinks(view: View, lines: readonly number[]): RawFinding[] {
  const [first] = lines
  if (first === undefined) return []
  const message = lines.length === 1 ? 'The link leads nowhere.' : `${lines.length} links of this file lead nowhere.`
  return [findingAt(view, 'dead-link', first, message)]
}

/** Handlers in attributes of pages, and their links. */
export function judgePage(view: View, functions: Functions): RawFinding[] {
  const tags = tagsIn(view.text)
  const findings: RawFinding[] = []
  for (const { attributes, line, name } of tags) {
    const click = attributes.get('onclick') ?? attributes.get('onsubmit')
    if (click === undefined) continue
    if (click.trim() === '') findings.push(findingAt(view, 'dead-handler', line, `The handler of <${name}> is empty.`))
    else if (excuse.test(click))
      findings.push(
        findingAt(view, 'dead-handler', line, `The handler of <${name}> only says that it is not there yet.`),
      )
    else {
      const called = /^\s*(?:return\s+)?([A-Za-z_$][\w$]*)\s*\(/.exec(click)?.[1]
      // Pages of one app share their scripts: the function itself is judged where it stands.
      if (called !== undefined && functions.named.has(called)) continue
      const local = tags.some(
        (tag) =>
          tag.name === 'script' &&
          tag.attributes.has('src') &&
          !/^(?:\.{0,2}\/)?(?!\/\/)(?!https?:)[^{]*$/.test(tag.attributes.get('src') ?? ''),
      )
      if (
        called !== undefined &&
        !functions.words.has(called) &&
        !local &&
        !/^(?:alert|confirm|history|location|window|document|event|open|print|if|fetch|this|toggle|close|scrollTo|setTimeout|gtag)$/.test(
          called,
        )
      ) {
        findings.push(
          findingAt(
            view,
            'undefined-handler',
            line,
            `The handler of <${name}> calls ${called}, which no script of the app defines.`,
            { subject: called },
          ),
        )
      }
    }
  }
  const dead = tags.filter(
    ({ name, attributes }) =>
      name === 'a' &&
      /^(?:#|javascript:void\(0\);?)?$/.test(attributes.get('href') ?? 'x') &&
      ![...attributes.keys()].some((key) => /^(?:id|role|data-|@|v-|x-|on|:|aria-)/.test(key)),
  )
  return [
    ...findings,
    ...deadLinks(
      view,
      dead.map(({ line }) => line),
    ),
  ]
}
