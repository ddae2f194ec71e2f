import { askedRules } from './rules.ts'

/** Folders of the working copy; classic scripts share one global scope, modules have their own. */
export const moduleFolder = 'module'
export const scriptFolder = 'script'
/** Files with comments that silence rules, as they stand. */
export const honouredFolder = 'honoured'

const ruleOptions: Readonly<Record<string, readonly unknown[]>> = {
  'eslint/eqeqeq': ['always', { null: 'ignore' }],
  'eslint/no-empty': [{ allowEmptyCatch: false }],
  'eslint/no-unused-expressions': [{ allowShortCircuit: true, allowTernary: true, allowTaggedTemplates: true }],
  'eslint/no-unused-vars': [
    {
      args: 'none',
      caughtErrors: 'none',
      ignoreRestSiblings: true,
      varsIgnorePattern: '^_.',
      destructuredArrayIgnorePattern: '^_',
    },
  ],
  'promise/catch-or-return': [{ allowFinally: true, terminationMethod: ['catch', 'finally'] }],
}

const off = ['correctness', 'suspicious', 'pedantic', 'perf', 'style', 'restriction', 'nursery']

/** The only configuration oxlint sees: every rule by name, so that nothing unknown can be reported. */
export function configuration(): object {
  return {
    plugins: ['eslint', 'typescript', 'unicorn', 'react', 'jsx-a11y', 'import', 'promise', 'node', 'oxc', 'vue'],
    categories: Object.fromEntries(off.map((category) => [category, 'off'])),
    env: { browser: true, node: true, es2024: true, worker: true, serviceworker: true },
    rules: Object.fromEntries(askedRules.map((rule) => [rule, ['warn', ...(ruleOptions[rule] ?? [])]])),
    overrides: [
      // Types are names too, a type may share its name with a value, and macros and stores need no import.
      {
        files: ['**/*.{ts,tsx,mts,cts,vue,svelte}'],
        rules: { 'eslint/no-undef': 'off', 'eslint/no-redeclare': 'off' },
      },
      // Their names come from other scripts and the page.
      {
        files: [`**/${scriptFolder}/**`],
        rules: {
          'eslint/no-undef': 'off',
          'eslint/no-redeclare': 'off',
        },
      },
      {
        files: ['**/*.{test,spec}.*', '**/__tests__/**', '**/test/**', '**/tests/**', '**/cypress/**', '**/e2e/**'],
        env: { jest: true, mocha: true, vitest: true },
        globals: { cy: 'readonly', Cypress: 'readonly' },
      },
    ],
  }
}
