import type { SyntaxLanguage } from '#bench/syntax'

/**
 * Captures: `if loop switch catch ternary` cost and nest; `elif else jump` cost; `body` is where nesting rises; `boolean`
 * is one binary operator; `case comprehension` add paths only; `function`; `literal`, `comment`, `import` for lines and tokens.
 */
const python = `
(if_statement consequence: (_) @body) @if
(elif_clause consequence: (_) @body) @elif
(if_statement alternative: (else_clause body: (_) @body) @else)
(for_statement alternative: (else_clause body: (_) @body) @else)
(while_statement alternative: (else_clause body: (_) @body) @else)
(for_statement body: (_) @body) @loop
(while_statement body: (_) @body) @loop
(match_statement body: (_) @body) @switch
(case_clause) @case
(except_clause (block) @body) @catch
(conditional_expression) @ternary
(boolean_operator) @boolean
(for_in_clause) @comprehension
(if_clause) @comprehension
(call function: (identifier) @callee)
[(function_definition) (lambda)] @function
(string) @literal
(comment) @comment
(module . (expression_statement (string) @documentation))
(block . (expression_statement (string) @documentation))
[(import_statement) (import_from_statement)] @import
`

const javascript = `
(if_statement consequence: (_) @body) @if
(else_clause (if_statement) @elseif)
(else_clause (_) @elsebody) @else
(for_statement body: (_) @body) @loop
(for_in_statement body: (_) @body) @loop
(while_statement body: (_) @body) @loop
(do_statement body: (_) @body) @loop
(switch_statement body: (_) @body) @switch
(switch_case) @case
(catch_clause body: (_) @body) @catch
(ternary_expression consequence: (_) @body alternative: (_) @body) @ternary
(binary_expression operator: ["&&" "||" "??"]) @boolean
(break_statement label: (_)) @jump
(continue_statement label: (_)) @jump
(call_expression function: (identifier) @callee)
[(function_declaration) (function_expression) (arrow_function) (method_definition)
 (generator_function) (generator_function_declaration)] @function
[(string) (template_string) (regex)] @literal
(comment) @comment
(import_statement) @import
`

/** The one query the complexity analyzer runs over a file. */
export function queryOf(language: SyntaxLanguage): string {
  if (language === 'python') return python
  return language === 'typescript' ? javascript : `${javascript}(jsx_text) @literal\n`
}
