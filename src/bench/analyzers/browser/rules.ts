import type { Rule } from '#bench/findings'
import { axeRules } from './axe-rules.ts'

const table: readonly Rule[] = [
  {
    id: 'page-failed',
    title: 'Page that is not served',
    category: 'conformance',
    severity: 'high',
    confidence: 'high',
    why: 'Whoever opens it sees an error instead of the page.',
    fix: 'Serve the page; the answer is in the evidence, the reason in the log of the app.',
  },
  {
    id: 'page-error',
    title: 'Uncaught error on a page',
    category: 'quality',
    severity: 'medium',
    confidence: 'high',
    why: 'The script stops there: whatever came after it does not happen.',
    fix: 'Mend what the error names.',
  },
  {
    id: 'console-error',
    title: 'Error on the console of a page',
    category: 'quality',
    severity: 'low',
    confidence: 'medium',
    why: 'The page itself says that something is wrong, where no user sees it.',
    fix: 'Mend the cause, and tell the user where it concerns them.',
  },
  {
    id: 'failed-request',
    title: 'Request of a page that fails',
    category: 'conformance',
    severity: 'medium',
    confidence: 'high',
    why: 'Scripts, styles or data the page needs are missing.',
    fix: 'Serve what is requested, or request what is served.',
  },
  {
    id: 'dead-link',
    title: 'Link that leads nowhere',
    category: 'conformance',
    severity: 'medium',
    confidence: 'high',
    why: 'Whoever follows it sees an error, or stays where they are.',
    fix: 'Link to a page that exists, or remove the link.',
  },
  {
    id: 'dead-button',
    title: 'Button that does nothing',
    category: 'conformance',
    severity: 'medium',
    confidence: 'high',
    why: 'It promises something the app does not do: nothing changes, is requested or opens when it is clicked.',
    fix: 'Connect it with what it promises, or remove it.',
    defect: 'dead-handler',
  },
  {
    id: 'overflow',
    title: 'Page wider than a phone',
    category: 'quality',
    severity: 'low',
    confidence: 'high',
    why: 'At a width of 390 pixels the page scrolls sideways, and a part of it is out of sight.',
    fix: 'Let wide elements shrink, wrap or scroll by themselves.',
  },
  {
    id: 'slow-paint',
    title: 'Main content that appears late',
    category: 'performance',
    severity: 'low',
    confidence: 'medium',
    why: 'People look at an empty page for more than four seconds (LCP) although the server is on the same machine.',
    fix: 'Load less before the first content, and what is not needed at once later.',
    help: 'https://web.dev/articles/lcp',
  },
  {
    id: 'layout-shift',
    title: 'Content that jumps',
    category: 'performance',
    severity: 'low',
    confidence: 'high',
    why: 'What people are reading or about to click moves away (CLS over 0.25).',
    fix: 'Reserve room for images and for what comes later.',
    help: 'https://web.dev/articles/cls',
  },
  {
    id: 'slow-interaction',
    title: 'Page that answers late to a click',
    category: 'performance',
    severity: 'low',
    confidence: 'medium',
    why: 'After a click or key the page shows nothing new for more than half a second (INP).',
    fix: 'Do less in the handler, or in parts.',
    help: 'https://web.dev/articles/inp',
  },
]

/** All rules of the analyzer. */
export const browserRules: readonly Rule[] = [...table, ...axeRules]

const byId = new Map(browserRules.map((rule) => [rule.id, rule]))

export function ruleOf(id: string): Rule | undefined {
  return byId.get(id)
}
