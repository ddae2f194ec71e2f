import type { Rule } from '#bench/findings'

export const rules: readonly Rule[] = [
  {
    id: 'vulnerable-dependency',
    title: 'Dependency with a known vulnerability',
    category: 'security',
    severity: 'high',
    confidence: 'high',
    cwe: [1395],
    why: 'The flaw is public, and so often is the way to use it: whoever can reach the vulnerable code can attack the app.',
    fix: 'Update to a fixed version.',
    defect: 'vulnerable-dependency',
  },
  {
    id: 'malicious-dependency',
    title: 'Dependency known to be malicious',
    category: 'security',
    severity: 'critical',
    confidence: 'high',
    cwe: [506],
    why: 'Installing or importing the package runs code written to harm whoever does.',
    fix: 'Remove the package, and treat every machine that installed it, and every secret on it, as compromised.',
    defect: 'vulnerable-dependency',
  },
  {
    id: 'unpinned-dependency',
    title: 'Dependency without a fixed version',
    category: 'quality',
    severity: 'low',
    confidence: 'high',
    why: 'Every installation may get other code: builds differ, and a broken or malicious release arrives unasked.',
    fix: 'Pin the version, or commit a lock file.',
    defect: 'unpinned-dependency',
  },
  {
    id: 'deprecated-dependency',
    title: 'Dependency its author gave up',
    category: 'quality',
    severity: 'low',
    confidence: 'high',
    why: 'It gets no more fixes, security fixes included; or the release was withdrawn as broken.',
    fix: 'Move to the replacement the notice names.',
    defect: 'deprecated-dependency',
  },
  {
    id: 'strong-copyleft-dependency',
    title: 'Strong copyleft dependency in an app without such a licence',
    category: 'quality',
    severity: 'info',
    confidence: 'medium',
    why: 'Passing on the app (with the AGPL: offering it over a network) may oblige its owner to publish all of its source.',
    fix: 'Check with whoever decides about licences, or use a package under a permissive one.',
    defect: 'licence-problem',
  },
  {
    id: 'install-script',
    title: 'Dependency that runs code when it is installed',
    category: 'security',
    severity: 'info',
    confidence: 'high',
    cwe: [829],
    why: 'Code of the package runs on developer machines and build servers before anybody imports it; most attacks through npm used this way.',
    fix: 'Install with --ignore-scripts and allow the scripts that are needed.',
  },
  {
    id: 'git-dependency',
    title: 'Dependency installed from a repository or an address',
    category: 'security',
    severity: 'low',
    confidence: 'high',
    cwe: [829],
    why: 'What a branch, tag or address holds can be replaced at any time, and no registry checks or keeps it.',
    fix: 'Use a release from the registry, or name a full commit hash.',
  },
  {
    id: 'malformed-lock-file',
    title: 'Lock file its package manager refuses',
    category: 'quality',
    severity: 'medium',
    confidence: 'high',
    why: 'Clean installations (npm ci, pip install -r) stop at the broken place, and what it locks cannot be checked for vulnerabilities.',
    fix: 'Write the lock file anew with the package manager.',
    defect: 'syntax-error',
  },
]

const byId = new Map(rules.map((rule) => [rule.id, rule]))

export function ruleOf(id: string): Rule | undefined {
  return byId.get(id)
}
