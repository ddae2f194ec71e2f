import { type ConfigLoader, HtmlValidate, type RuleConfig, StaticConfigLoader } from 'html-validate'
import { markupRules, pageRules, structureRules } from './rules.ts'
import type { Page } from './templates.ts'

/** One place where a rule of html-validate, or one built on its report, saw a defect. */
export interface MarkupHit {
  readonly rule: string
  readonly message: string
  /** Offsets in the text. */
  readonly start: number
  readonly end: number
}

/** Rules html-validate does not have. */
const own = new Set([
  'missing-language',
  'missing-title',
  'positive-tabindex',
  'autofocus',
  'non-interactive-handler',
  'unknown-aria',
  'target-blank-opener',
  'parser-error',
  'cleartext-script',
])

/** Resolves the configuration once: html-validate's own loader reads the elements of HTML anew for each file, nine tenths of its time. */
class ResolvedOnce extends StaticConfigLoader {
  #resolved: ReturnType<ConfigLoader['getConfigFor']> | undefined

  override getConfigFor(...given: Parameters<ConfigLoader['getConfigFor']>): ReturnType<ConfigLoader['getConfigFor']> {
    this.#resolved ??= super.getConfigFor(...given)
    return this.#resolved
  }
}

let validator: HtmlValidate | undefined

/** The one validator, with this configuration and no other: the app's own configuration files are never read. */
function htmlValidator(): HtmlValidate {
  if (validator !== undefined) return validator
  const rules: RuleConfig = {}
  for (const { id } of markupRules) if (!own.has(id)) rules[id] = 'error'
  rules['require-sri'] = ['error', { target: 'crossorigin' }]
  validator = new HtmlValidate(new ResolvedOnce({ root: true, elements: ['html5'], rules }))
  return validator
}

/**
 * Validates a page or template.
 * @throws Error when html-validate cannot read it at all
 */
export function validateHtml(page: Page): MarkupHit[] {
  const report = htmlValidator().validateStringSync(page.text, 'page.html')
  const hits: MarkupHit[] = []
  for (const message of report.results[0]?.messages ?? []) {
    const tag = openingTagAround(page.text, message.offset)
    const hit: MarkupHit = {
      rule: renamed(message.ruleId, message.message),
      message: message.message.endsWith('.') ? message.message : `${message.message}.`,
      start: tag.start,
      end: tag.end,
    }
    if (isSound(hit, page)) hits.push(hit)
  }
  return hits
}

/** Two rules of ours stand in one rule of html-validate's. */
function renamed(rule: string, message: string): string {
  if (rule === 'element-required-attributes' && /<html>.*lang/.test(message)) return 'missing-language'
  if (rule === 'element-required-content' && /<head>.*<title>/.test(message)) return 'missing-title'
  return rule
}

/** Rules about an attribute or text that is not there; what else the tag has does not matter to them. */
const absence = new Set(['wcag/h37', 'wcag/h36', 'area-alt', 'input-missing-label', 'text-content', 'wcag/h30'])
/** Rules about what stands between the tags. */
const content = new Set(['text-content', 'wcag/h30'])

function isSound(hit: MarkupHit, page: Page): boolean {
  if (page.part && pageRules.has(hit.rule)) return false
  if (!page.template) return true
  if (structureRules.has(hit.rule) || hit.rule === 'element-name' || hit.rule === 'no-missing-references') return false
  if (/\s(?::|v-bind|v-model|v-text|v-html|bind:|\{\.\.\.)/.test(page.text.slice(hit.start, hit.end))) return false
  if (!absence.has(hit.rule)) return !page.dynamic(hit.start, hit.end)
  const closing = content.has(hit.rule) ? page.text.indexOf('</', hit.end) : -1
  return !page.openEnded(hit.start, hit.end) && !page.dynamic(hit.end, closing < 0 ? hit.end : closing)
}

/** The tag an offset stands in, at most 2,000 characters. */
function openingTagAround(text: string, offset: number): { start: number; end: number } {
  const start = Math.max(text.lastIndexOf('<', offset), offset - 2000, 0)
  const closing = text.indexOf('>', offset)
  return {
    start: text[start] === '<' ? start : offset,
    end: Math.max(offset + 1, Math.min(closing < 0 ? text.length : closing + 1, offset + 2000)),
  }
}
