/**
 * Makes apps of the size models generate, for benchmarks: `node benchmarks/generate-apps.ts DIR [--apps 270] [--seed 1]`.
 *
 * Each app is a Flask `backend/app.py` (50 to 400 lines) and a React `frontend/src/App.jsx` (100 to 800 lines) with what belongs to them, recombined
 * from the notes app of `examples/`. The layout is `{model}/app{n}`; the models are nine samples of the three variants. The same seed
 * makes the same bytes.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from '#bench/syntax'
import { choices } from './random.ts'
import { aboutAnother, recombine } from './recombine.ts'

const examples = join(import.meta.dirname, '..', 'examples')
const models = ['careful', 'hasty', 'careless'].flatMap((variant) =>
  ['a', 'b', 'c'].map((sample) => ({ variant, sample })),
)
const nouns = [
  'recipe', 'task', 'bookmark', 'ticket', 'contact', 'event', 'invoice', 'book', 'photo', 'habit', 'project', 'place',
  'lesson', 'workout', 'plant', 'song',
] // biome-ignore format: one paragraph of words
const backend = 'backend/app.py'
const frontend = 'frontend/src/App.jsx'

/** Lines of what was made, for the statistics. */
export interface GeneratedApp {
  readonly path: string
  readonly files: number
  readonly backendLines: number
  readonly frontendLines: number
}

/** Makes `count` apps under `folder`, spread evenly over the nine models. */
export async function generateApps(folder: string, count: number, seed: number): Promise<GeneratedApp[]> {
  const made: GeneratedApp[] = []
  for (let index = 0; index < count; index += 1) {
    const model = models[index % models.length]
    if (model === undefined) break
    const number = Math.floor(index / models.length) + 1
    const path = `${model.variant}-${model.sample}/app${number}`
    made.push(await generateApp(join(folder, path), path, model.variant, seed * 1_000_003 + index))
  }
  return made
}

async function generateApp(target: string, path: string, variant: string, seed: number): Promise<GeneratedApp> {
  const pick = choices(seed)
  const chosen = pick.shuffle(nouns)
  const noun = chosen[0] ?? 'note'
  const source = join(examples, variant, 'app1')
  const backendText = await made(source, backend, 'python', chosen, pick.integer(65, 400), pick)
  const frontendText = await made(source, frontend, 'javascript', chosen, pick.integer(120, 800), pick)
  const files = filesBelow(source)
  for (const file of files) {
    const text =
      file === backend ? backendText : file === frontend ? frontendText : readFileSync(join(source, file), 'utf8')
    const shared = ['index.html', 'vite.config.js', 'main.jsx', 'App.css', 'package-lock.json'].some((name) =>
      file.endsWith(name),
    )
    const place = join(target, file)
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, shared || file === backend || file === frontend ? text : aboutAnother(text, 'note', noun))
  }
  return { path, files: files.length, backendLines: linesOf(backendText), frontendLines: linesOf(frontendText) }
}

async function made(
  source: string,
  file: string,
  language: 'python' | 'javascript',
  chosen: readonly string[],
  lines: number,
  pick: ReturnType<typeof choices>,
): Promise<string> {
  const text = await recombine(
    readFileSync(join(source, file), 'utf8'),
    { language, noun: 'note', nouns: chosen.slice(0, 8), lines },
    pick,
  )
  const tree = await parse(language, text)
  const broken = tree.rootNode.hasError
  tree.delete()
  if (broken) throw new Error(`Recombining ${join(source, file)} into ${lines} lines broke its syntax.`)
  return text
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted()
}

function linesOf(text: string): number {
  return text.split('\n').length - 1
}

function spread(numbers: readonly number[]): string {
  const sorted = numbers.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  return `${at(0)} to ${at(1)}, median ${at(0.5)}, total ${sorted.reduce((sum, lines) => sum + lines, 0)}`
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { apps: { type: 'string', default: '270' }, seed: { type: 'string', default: '1' } },
  })
  const [folder] = positionals
  const count = Number(values.apps)
  const seed = Number(values.seed)
  if (
    folder === undefined ||
    positionals.length > 1 ||
    !Number.isSafeInteger(count) ||
    count < 1 ||
    !Number.isSafeInteger(seed)
  ) {
    console.error('Usage: node benchmarks/generate-apps.ts DIR [--apps 270] [--seed 1]')
    process.exitCode = 2
    return
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    console.error(`${folder} is not empty: name a new folder.`)
    process.exitCode = 2
    return
  }
  const apps = await generateApps(folder, count, seed)
  console.log(`apps        ${apps.length} of ${Math.min(count, models.length)} models in ${folder}`)
  console.log(`files       ${apps.reduce((sum, app) => sum + app.files, 0)}`)
  console.log(`app.py      ${spread(apps.map((app) => app.backendLines))} lines`)
  console.log(`App.jsx     ${spread(apps.map((app) => app.frontendLines))} lines`)
}

if (import.meta.main) await main()
