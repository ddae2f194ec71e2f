import type { SyntaxLanguage } from '#bench/syntax'

export interface ScriptBlock {
  readonly language: SyntaxLanguage
  readonly text: string
  /** Lines of the file before the text. */
  readonly linesBefore: number
}

/** The `<script>` blocks of a Vue or Svelte component, and the module scripts of an HTML page. */
export function scriptBlocks(source: string): readonly ScriptBlock[] {
  const blocks: ScriptBlock[] = []
  for (let at = source.indexOf('<script'); at !== -1; at = source.indexOf('<script', at + 7)) {
    const open = source.indexOf('>', at)
    const close = source.indexOf('</script', open)
    if (open === -1 || close === -1) break
    const attributes = source.slice(at + 7, open)
    if (!/\ssrc=/.test(attributes) && source[open - 1] !== '/') {
      const language = /\blang=["']?(tsx|ts)\b/.exec(attributes)?.[1]
      blocks.push({
        language: language === 'tsx' ? 'tsx' : language === 'ts' ? 'typescript' : 'javascript',
        text: source.slice(open + 1, close),
        linesBefore: source.slice(0, open + 1).split('\n').length - 1,
      })
    }
    at = close
  }
  return blocks
}
