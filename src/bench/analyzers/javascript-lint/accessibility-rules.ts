import type { Entry } from './correctness-rules.ts'

/** Accessibility rules of oxlint's `jsx-a11y` plugin in our own words; the criteria are those of WCAG 2.2. */
// biome-ignore format: one row per rule
export const accessibilityRules: Readonly<Record<string, Entry>> = {
  'jsx-a11y/alt-text': ['Image without a text alternative', 'medium', 'Screen readers read the file name or nothing (WCAG 1.1.1).', 'Add `alt`, empty for decoration.', 'missing-alternative-text'],
  'jsx-a11y/anchor-has-content': ['Link without content', 'medium', 'Screen readers announce a link to nowhere (WCAG 2.4.4).', 'Give it a text.'],
  'jsx-a11y/anchor-is-valid': ['Link without a target', 'low', 'It cannot be opened in a new tab and may not be reachable by keyboard (WCAG 2.1.1).', 'Use a button for actions, a real address for links.'],
  'jsx-a11y/aria-activedescendant-has-tabindex': ['Active descendant that cannot be focused', 'low', 'The keyboard never reaches it (WCAG 2.1.1).', 'Add `tabIndex={0}`.', 'invalid-aria'],
  'jsx-a11y/aria-props': ['Unknown ARIA attribute', 'low', 'It has no effect (WCAG 4.1.2).', 'Correct its name.', 'invalid-aria'],
  'jsx-a11y/aria-proptypes': ['ARIA attribute with an invalid value', 'low', 'It has no effect (WCAG 4.1.2).', 'Use a value the attribute allows.', 'invalid-aria'],
  'jsx-a11y/aria-role': ['Unknown ARIA role', 'low', 'It has no effect (WCAG 4.1.2).', 'Use a role of WAI-ARIA 1.2.', 'invalid-aria'],
  'jsx-a11y/aria-unsupported-elements': ['ARIA on an element that takes none', 'low', 'It has no effect (WCAG 4.1.2).', 'Remove it.', 'invalid-aria'],
  'jsx-a11y/autocomplete-valid': ['Invalid `autocomplete` value', 'low', 'Browsers cannot fill the field in (WCAG 1.3.5).', 'Use a value of the HTML standard.'],
  'jsx-a11y/click-events-have-key-events': ['Clickable element without a keyboard', 'medium', 'Without a mouse it cannot be used (WCAG 2.1.1).', 'Use a button.', 'non-interactive-handler'],
  'jsx-a11y/heading-has-content': ['Empty heading', 'low', 'Screen readers announce a heading without text (WCAG 1.3.1).', 'Give it a text.'],
  'jsx-a11y/html-has-lang': ['Page without a language', 'medium', 'Screen readers pronounce it in the wrong language (WCAG 3.1.1).', 'Add `lang`.', 'missing-document-language'],
  'jsx-a11y/iframe-has-title': ['Frame without a title', 'low', 'Screen readers cannot say what it shows (WCAG 4.1.2).', 'Add `title`.', 'missing-title'],
  'jsx-a11y/img-redundant-alt': ['Text alternative says “image”', 'info', 'Screen readers say that already.', 'Describe what the image shows.'],
  'jsx-a11y/interactive-supports-focus': ['Interactive element that cannot be focused', 'medium', 'The keyboard never reaches it (WCAG 2.1.1).', 'Use a button, or add `tabIndex={0}`.', 'non-interactive-handler'],
  'jsx-a11y/label-has-associated-control': ['Label without a field', 'medium', 'Screen readers do not say what the field is for (WCAG 1.3.1).', 'Add `htmlFor`, or put the field inside the label.', 'missing-form-label'],
  'jsx-a11y/lang': ['Invalid language', 'low', 'Screen readers pronounce the page wrongly (WCAG 3.1.1).', 'Use a BCP 47 tag such as `en`.', 'missing-document-language'],
  'jsx-a11y/media-has-caption': ['Video or audio without captions', 'low', 'Deaf people miss the content (WCAG 1.2.2).', 'Add a `track` of kind `captions`.'],
  'jsx-a11y/mouse-events-have-key-events': ['Mouse-over without a keyboard', 'low', 'Without a mouse it cannot be seen (WCAG 2.1.1).', 'Add `onFocus` and `onBlur`.', 'non-interactive-handler'],
  'jsx-a11y/no-aria-hidden-on-focusable': ['Focusable element hidden from screen readers', 'medium', 'The focus disappears (WCAG 4.1.2).', 'Remove `aria-hidden`, or make it unfocusable.', 'invalid-aria'],
  'jsx-a11y/no-distracting-elements': ['Moving text', 'low', 'It cannot be stopped (WCAG 2.2.2).', 'Remove `marquee` or `blink`.'],
  'jsx-a11y/no-noninteractive-tabindex': ['Focus on something that does nothing', 'low', 'Keyboard users stop there in vain (WCAG 2.4.3).', 'Remove `tabIndex`.'],
  'jsx-a11y/no-static-element-interactions': ['Handler on an element without a role', 'low', 'Screen readers do not announce that it can be used (WCAG 4.1.2).', 'Use a button or a link.', 'non-interactive-handler'],
  'jsx-a11y/role-has-required-aria-props': ['Role without its required attributes', 'low', 'Screen readers cannot announce its state (WCAG 4.1.2).', 'Add them, or use the native element.', 'invalid-aria'],
  'jsx-a11y/role-supports-aria-props': ['ARIA attribute the role does not take', 'low', 'It has no effect (WCAG 4.1.2).', 'Remove it, or use another role.', 'invalid-aria'],
  'jsx-a11y/scope': ['`scope` outside a table header', 'low', 'It has no effect (WCAG 1.3.1).', 'Put it on a `th`.'],
  'jsx-a11y/tabindex-no-positive': ['Positive `tabIndex`', 'low', 'The focus jumps about the page (WCAG 2.4.3).', 'Use 0, and the order of the elements.'],
}
