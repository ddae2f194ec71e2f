export { parse, query, type SyntaxLanguage, type SyntaxNode, type SyntaxTree, syntaxLanguageOf } from './syntax.ts'
