import type { AppSnapshot } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import { findingAt, findingOn, lineAt, type View } from './view.ts'

/** Sentences of start pages. Sources: the templates of create-vite, create-react-app, create-next-app, create-vue. */
const startPages: readonly (readonly [RegExp, string])[] = [
  [/Click on the (?:Vite and React|Vite, |Vite and) ?[\w, ]{0,40}logos? to learn more/, 'create-vite'],
  [/Edit <code>src\/App\.[jt]sx?<\/code> and save to (?:test HMR|reload)/, 'create-vite or create-react-app'],
  [/Get started by editing\s{0,40}(?:&nbsp;|<code|\{)/, 'create-next-app'],
  [/You[’']ve successfully created a project with/, 'create-vue'],
  [/<HelloWorld msg="(?:Vite \+ Vue|You did it!|Welcome to Your Vue\.js App)"/, 'create-vue'],
  [/Visit <a href="https:\/\/svelte\.dev\/docs\/kit">svelte\.dev/, 'SvelteKit'],
  [/<h1>The install worked successfully! Congratulations!<\/h1>/, 'Django'],
]
const invented =
  /^(?:sample|dummy|mock|fake|placeholder|lorem ipsum|example) (?:\w+ ){0,3}(?:question|title|name|text|data|user|item|product|post|description|content|response|result|message|value|note|task|author|address|city|poll)s?\b|^lorem ipsum|^(?:john|jane) doe$/i
const mockName = /^(?:mock|dummy|fake)[A-Z_]\w*$|^(?:MOCK|DUMMY|FAKE)_\w+$|^\w+(?:Mock|Dummy)(?:Data)?$/

/** Start pages, placeholder text and data, empty catches. */
export function judgeLeftovers(view: View): RawFinding[] {
  return [...startPage(view), ...placeholderText(view), ...placeholderData(view), ...emptyCatches(view)]
}

function startPage(view: View): RawFinding[] {
  for (const [pattern, template] of startPages) {
    const at = view.text.search(pattern)
    if (at !== -1 && view.file.role !== 'documentation')
      return [
        findingAt(
          view,
          'scaffold-leftover',
          lineAt(view, at),
          `This is the start page of ${template}, not of the app.`,
        ),
      ]
  }
  if (view.file.language !== 'html') return []
  const title = view.text.search(
    /<title>(?:Vite \+ \w+(?: \+ TS)?|React App|Vite App|Create Next App|Svelte app)<\/title>/,
  )
  return title === -1
    ? []
    : [
        findingAt(view, 'scaffold-leftover', lineAt(view, title), 'The title is still that of the template.', {
          severity: 'info',
        }),
      ]
}

function placeholderText(view: View): RawFinding[] {
  const language = view.file.language ?? ''
  if (!['html', 'jinja', 'ejs', 'vue', 'svelte', 'jsx', 'tsx'].includes(language)) return []
  const at = view.text.search(/\blorem ipsum\b/i)
  return at === -1
    ? []
    : [findingAt(view, 'placeholder-text', lineAt(view, at), 'Lorem ipsum stands where text should.')]
}

function placeholderData(view: View): RawFinding[] {
  if (
    view.root === undefined ||
    /(?:^|\/)(?:seed|fixture|mock|stub|story|stories|demo|example|sample|migration)/i.test(view.path)
  )
    return []
  const findings: RawFinding[] = []
  for (const node of nodesUnder(view.root)) {
    if (node.type === 'return_statement') findings.push(...inventedAnswer(view, node))
    if (node.type === 'variable_declarator' && view.grammar === 'javascript') {
      const name = fieldOf(node, 'name')
      const value = fieldOf(node, 'value')
      if (name === undefined || !mockName.test(textOf(name)) || value?.type !== 'array' || value.children.length === 0)
        continue
      const uses = view.text.split(new RegExp(`\\b${textOf(name)}\\b`)).length - 2
      if (uses > 0 && !/\bprocess\.env\b|import\.meta\.env/.test(view.text)) {
        findings.push(
          findingOn(
            view,
            'placeholder-data',
            node,
            `${textOf(name)} stands in for data that should come from the backend.`,
            { subject: textOf(name), confidence: 'low' },
          ),
        )
      }
    }
  }
  return findings
}

/** `return {"question": "Sample question"}` from a function that was given something to look up. */
function inventedAnswer(view: View, node: CodeNode): RawFinding[] {
  const value = node.children[0]
  if (value?.type !== 'dictionary' && value?.type !== 'object') return []
  for (const pair of value.children) {
    const text = fieldOf(pair, 'value')
    if (text?.type !== 'string' || !invented.test(textOf(text).slice(1, -1))) continue
    return [findingOn(view, 'placeholder-data', node, `The answer is invented: ${textOf(text)}.`)]
  }
  return []
}

function emptyCatches(view: View): RawFinding[] {
  if (view.root === undefined || view.grammar !== 'javascript') return []
  return [...nodesUnder(view.root)].flatMap((node): RawFinding[] => {
    if (node.type === 'catch_clause') {
      const body = fieldOf(node, 'body')
      return body !== undefined && body.children.length === 0
        ? [findingOn(view, 'empty-catch', node, 'The failure is caught and dropped.')]
        : []
    }
    const callee = node.type === 'call_expression' ? fieldOf(node, 'function') : undefined
    const handler = callee === undefined ? undefined : fieldOf(node, 'arguments')?.children[0]
    if (
      callee?.type !== 'member_expression' ||
      textOf(fieldOf(callee, 'property') ?? callee) !== 'catch' ||
      handler?.type !== 'arrow_function'
    )
      return []
    const body = fieldOf(handler, 'body')
    return body?.type === 'statement_block' && body.children.length === 0
      ? [findingOn(view, 'empty-catch', handler, 'The failure of the promise is caught and dropped.')]
      : []
  })
}

const entryFile = /(?:^|\/)(?:main|index|app|root|entry[\w-]*)\.[jt]sx?$/i
const routedFolder = /(?:^|\/)(?:pages|app|routes|stories)\//

/** Empty modules that are imported, and components nothing renders. */
export function judgeModules(views: readonly View[], app: AppSnapshot): RawFinding[] {
  const scripts = views.filter(({ grammar }) => grammar === 'javascript')
  return [...emptyModules(views), ...unusedComponents(scripts, app)]
}

function emptyModules(views: readonly View[]): RawFinding[] {
  const empty = views.filter(
    ({ root, text, path }) =>
      root !== undefined &&
      !path.endsWith('__init__.py') &&
      (text.trim() === '' || root.children.every(({ type }) => type === 'comment')),
  )
  return empty.flatMap((view): RawFinding[] => {
    const stem =
      view.path
        .replace(/\.\w+$/, '')
        .split('/')
        .at(-1) ?? ''
    if (!/^[\w-]+$/.test(stem)) return []
    const imported =
      view.grammar === 'python'
        ? new RegExp(`^\\s*from\\s+(?:[\\w.]*\\.)?${stem}\\s+import\\s`, 'm')
        : new RegExp(`(?:from|require\\()\\s{0,3}["'](?:\\.{1,2}|@)/(?:[\\w-]+/){0,6}${stem}(?:\\.\\w{2,4})?["']`)
    const importer = views.find(
      (other) => other !== view && other.grammar === view.grammar && imported.test(other.text),
    )
    return importer === undefined
      ? []
      : [findingAt(view, 'empty-module', 1, `The file is empty, but ${importer.path} imports from it.`)]
  })
}

function unusedComponents(scripts: readonly View[], app: AppSnapshot): RawFinding[] {
  if (app.components.some(({ framework }) => ['next', 'remix', 'sveltekit', 'nuxt'].includes(framework))) return []
  if (!app.components.some(({ framework, role }) => framework === 'react' && role === 'frontend')) return []
  // Without an entry that renders, it is not known what the page shows.
  const rendered = scripts.some(({ text }) => /createRoot\(|ReactDOM\.render\(|hydrateRoot\(/.test(text))
  return scripts.flatMap((view): RawFinding[] => {
    if (view.root === undefined || routedFolder.test(view.path.replace(/^.*?src\//, '')) || view.file.role !== 'source')
      return []
    return view.root.children.flatMap((statement): RawFinding[] => {
      const exported = statement.type === 'export_statement'
      const declaration = exported ? fieldOf(statement, 'declaration') : statement
      const found = declaration === undefined ? undefined : componentIn(declaration)
      if (found === undefined || (!rendered && (exported || entryFile.test(view.path)))) return []
      const isDefault =
        /^export\s+default\b/.test(textOf(statement)) ||
        new RegExp(`\\bexport\\s+default\\s+(?:\\w+\\(){0,3}${found.name}\\b|\\bas\\s+default\\b`).test(view.text)
      if (isDefault && (entryFile.test(view.path) || !rendered || importsFile(scripts, view))) return []
      const own =
        mentions(view.text, found.name) - 1 - (isDefault && !/^export\s+default\b/.test(textOf(statement)) ? 1 : 0)
      const exportsOnly = [...view.text.matchAll(/\bexport\s*\{([^}]{0,1000})\}/g)].some((match) =>
        new RegExp(`\\b${found.name}\\b`).test(match[1] ?? ''),
      )
      const others = scripts.some((other) => other !== view && mentions(other.text, found.name) > 0)
      if (own - (exportsOnly ? 1 : 0) > 0 || others) return []
      return [
        findingOn(
          view,
          'unused-component',
          declaration ?? statement,
          `${found.name} is written but rendered nowhere.`,
          { subject: found.name },
        ),
      ]
    })
  })
}

function componentIn(declaration: CodeNode): { readonly name: string } | undefined {
  const declarator =
    declaration.type === 'lexical_declaration'
      ? declaration.children.find(({ type }) => type === 'variable_declarator')
      : declaration
  const name = fieldOf(declarator, 'name')
  const value = declarator?.type === 'variable_declarator' ? fieldOf(declarator, 'value') : declarator
  if (name === undefined || value === undefined || !/^[A-Z]\w*[a-z]\w*$/.test(textOf(name))) return undefined
  if (value.type !== 'function_declaration' && value.type !== 'arrow_function' && value.type !== 'function_expression')
    return undefined
  const body = fieldOf(value, 'body')
  return body !== undefined &&
    /<[A-Za-z>]/.test(textOf(body)) &&
    [...nodesUnder(body)].some(({ type }) => type.startsWith('jsx_'))
    ? { name: textOf(name) }
    : undefined
}

function mentions(text: string, name: string): number {
  return text.split(new RegExp(`\\b${name}\\b`)).length - 1
}

function importsFile(scripts: readonly View[], view: View): boolean {
  const stem =
    view.path
      .replace(/\.\w+$/, '')
      .replace(/\/index$/, '')
      .split('/')
      .at(-1) ?? ''
  return scripts.some(
    (other) =>
      other !== view &&
      new RegExp(`["'][^"'\n]{0,200}\\b${stem.replace(/[^\w-]/g, '.')}(?:\\.\\w{2,4})?["']`).test(other.text),
  )
}
