import { useEffect, useState } from 'react'
import { plainLines, type Token } from './highlight.ts'
import type { HighlightAnswer, HighlightRequest } from './highlight.worker.ts'

/** Hostile code can make a grammar crawl: it is given this many milliseconds, then the code stays plain. */
const patience = 3_000
/** Beyond this many characters colours are not worth the memory. */
const longest = 400_000

/** The code as lines of tokens: plain at once, coloured when the worker has answered. */
export const useHighlight = (code: string, language: string | null | undefined): readonly Token[][] => {
  const [coloured, setColoured] = useState<{ readonly code: string; readonly lines: Token[][] }>()
  const [plain, setPlain] = useState(() => ({ code, lines: plainLines(code) }))
  const current = plain.code === code ? plain : { code, lines: plainLines(code) }
  if (current !== plain) setPlain(current)

  useEffect(() => {
    if (!language || code === '' || code.length > longest) return
    const worker = new Worker(new URL('./highlight.worker.ts', import.meta.url), { type: 'module' })
    const timer = setTimeout(() => worker.terminate(), patience)
    worker.addEventListener('message', ({ data }: MessageEvent<HighlightAnswer>) => {
      clearTimeout(timer)
      if (data.lines) setColoured({ code, lines: data.lines })
      worker.terminate()
    })
    worker.postMessage({ id: 1, code, language } satisfies HighlightRequest)
    return () => {
      clearTimeout(timer)
      worker.terminate()
    }
  }, [code, language])

  return coloured?.code === code ? coloured.lines : current.lines
}
