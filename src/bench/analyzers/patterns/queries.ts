import type { SyntaxLanguage } from '#bench/syntax'

/** In every pattern the first capture says what it is, the next two are its parts. */
const python = `
(call function: (_) @part arguments: (argument_list) @part) @call
(assignment left: (_) @part right: (_) @part) @assignment
(augmented_assignment left: (identifier) @part right: (_) @part) @augmented
(keyword_argument name: (_) @part value: (_) @part) @keyword
(pair key: (string) @part value: (_) @part) @entry
(default_parameter name: (identifier) @part value: (_) @part) @default
(typed_default_parameter name: (identifier) @part value: (_) @part) @default
(for_statement left: (_) @part right: (_) @part) @loop
(for_in_clause left: (_) @part right: (_) @part) @loop
[(function_definition) (lambda)] @scope
[(import_statement) (import_from_statement)] @import
`

const javascript = `
(call_expression function: (_) @part arguments: (arguments) @part) @call
(new_expression constructor: (_) @part arguments: (arguments) @part) @new
(variable_declarator name: (_) @part value: (_) @part) @assignment
(assignment_expression left: (_) @part right: (_) @part) @assignment
(augmented_assignment_expression left: (_) @part right: (_) @part) @augmented
(pair key: (_) @part value: (_) @part) @entry
(for_in_statement left: (_) @part right: (_) @part) @loop
[(function_declaration) (function_expression) (arrow_function) (method_definition)
 (generator_function) (generator_function_declaration)] @scope
(import_statement) @import
`

const jsx = `
(jsx_opening_element name: (_) @part) @element
(jsx_self_closing_element name: (_) @part) @element
`

/** The one query the patterns analyzer runs over a file. */
export function queryOf(language: SyntaxLanguage): string {
  if (language === 'python') return python
  return language === 'typescript' ? javascript : javascript + jsx
}
