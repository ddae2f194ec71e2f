/**
 * Further rules Assay asks oxlint for, by its own names; their {@link Rule} is derived from the name and the severity.
 */
// biome-ignore format: as many as fit a line
export const namedRules: Readonly<Record<'medium' | 'low' | 'info', readonly string[]>> = {
  medium: [
    'eslint/no-caller', 'eslint/no-constructor-return', 'eslint/no-ex-assign', 'eslint/no-iterator', 'eslint/no-shadow-restricted-names',
    'oxc/bad-array-method-on-arguments', 'oxc/bad-char-at-comparison', 'oxc/bad-comparison-sequence', 'oxc/bad-match-all-arg',
    'oxc/bad-min-max-func', 'oxc/bad-object-literal-comparison', 'oxc/bad-replace-all-arg', 'oxc/const-comparisons',
    'oxc/double-comparisons', 'oxc/erasing-op', 'oxc/missing-throw', 'oxc/number-arg-out-of-range', 'oxc/uninvoked-array-callback',
    'promise/no-new-statics', 'promise/valid-params', 'react/forward-ref-uses-ref', 'react/no-did-update-set-state', 'react/no-is-mounted',
    'react/no-this-in-sfc', 'vue/no-async-in-computed-properties', 'vue/no-computed-properties-in-data',
    'vue/no-deprecated-data-object-declaration', 'vue/no-deprecated-delete-set', 'vue/no-deprecated-destroyed-lifecycle',
    'vue/no-deprecated-events-api', 'vue/no-dupe-keys', 'vue/no-export-in-script-setup', 'vue/no-expose-after-await',
    'vue/no-lifecycle-after-await', 'vue/no-reserved-component-names', 'vue/no-reserved-keys', 'vue/no-reserved-props',
    'vue/no-shared-component-data', 'vue/no-side-effects-in-computed-properties', 'vue/no-this-in-before-route-enter',
    'vue/no-watch-after-await', 'vue/require-prop-type-constructor', 'vue/require-render-return', 'vue/return-in-computed-property',
    'vue/return-in-emits-validator', 'vue/valid-define-emits', 'vue/valid-define-options', 'vue/valid-define-props', 'vue/valid-next-tick',
  ],
  low: [
    'eslint/no-empty-character-class', 'eslint/no-irregular-whitespace', 'eslint/no-misleading-character-class',
    'eslint/no-nonoctal-decimal-escape', 'eslint/no-useless-backreference', 'oxc/misrefactored-assign-op', 'oxc/only-used-in-recursion',
    'react/no-children-prop', 'typescript/no-extra-non-null-assertion', 'unicorn/no-single-promise-in-promise-methods',
    'vue/no-arrow-functions-in-watch', 'vue/no-required-prop-with-default',
  ],
  info: [
    'eslint/no-prototype-builtins', 'eslint/no-unused-labels', 'eslint/no-unused-private-class-members', 'oxc/approx-constant',
    'unicorn/no-empty-file',
  ],
}
