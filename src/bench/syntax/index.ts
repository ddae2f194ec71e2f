export { type CodeNode, codeTree, fieldOf, nodesUnder, textOf } from './code-tree.ts'
export { blank, type SyntaxSource, syntaxSourceOf } from './embedded.ts'
export { parse, query, type SyntaxLanguage, type SyntaxNode, type SyntaxTree, syntaxLanguageOf } from './syntax.ts'
