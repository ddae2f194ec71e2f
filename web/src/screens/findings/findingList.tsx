import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { FindingsQuery } from '../../api/findings.ts'
import { Button } from '../../components/button.tsx'
import { Command } from '../../components/copyButton.tsx'
import { EmptyState, Loading, ProblemPanel } from '../../components/notices.tsx'
import { count, plural } from '../../lib/format.ts'
import { useShortcut } from '../../lib/shortcuts.ts'
import { useFillHeight } from '../../lib/useFillHeight.ts'
import { useNarrow } from '../../lib/useMedia.ts'
import { FindingListHead, FindingListRow } from './findingListRow.tsx'
import { type FindingRows, topOf, useFindingRows } from './useFindingRows.ts'

interface Props {
  readonly query: FindingsQuery
  readonly filtered: boolean
  readonly onClear: () => void
}

/** A list of any length: rows are fetched when looked at and forgotten when far away. */
export const FindingList = ({ query, filtered, onClear }: Props) => {
  const key = JSON.stringify(query)
  const rows = useFindingRows(query, key)
  if (rows.error && rows.total === undefined) return <ProblemPanel error={rows.error} retry={rows.retry} />
  if (rows.total === undefined) return <Loading what="findings" />
  if (rows.total === 0 && filtered) {
    return (
      <EmptyState title="No finding matches the filters" action={<Button onClick={onClear}>Clear filters</Button>} />
    )
  }
  if (rows.total === 0) {
    return (
      <EmptyState title="No findings" action={<Command>bin/assay study run DIR --name N</Command>}>
        Nothing was found yet. Look at the matrix of the study for analyses that failed: an error is never clean. To
        find something, run a study:
      </EmptyState>
    )
  }
  return <Scroller key={key} rows={rows} total={rows.total} listKey={key} />
}

const heights = { wide: 36, narrow: 66 }
const overscan = 6
/** Rows per frame beyond which nothing can be read: then only placeholders are drawn, until the scrolling rests. */
const rush = 20

const Scroller = ({
  rows,
  total,
  listKey,
}: {
  readonly rows: FindingRows
  readonly total: number
  readonly listKey: string
}) => {
  const box = useRef<HTMLDivElement>(null)
  const narrow = useNarrow()
  const height = narrow ? heights.narrow : heights.wide
  const fill = useFillHeight(box, narrow ? 110 : 60)
  const [focus, setFocus] = useState<number>()
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan,
    initialOffset: () => topOf(listKey),
  })
  const items = virtual.getVirtualItems()
  // Rows that leave the window are drawn again as those that enter it: new text costs far less than new elements.
  const pool = Math.ceil(fill / height) + 2 * overscan + 2
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  const [seen, setSeen] = useState({ first, rushing: false })
  if (seen.first !== first) setSeen({ first, rushing: Math.abs(first - seen.first) > rush })
  const rushing = seen.rushing && virtual.isScrolling
  const { show, leave } = rows
  useEffect(() => show(first, last), [show, first, last])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of row height changes every offset
  useEffect(() => virtual.measure(), [virtual, height])
  useEffect(() => {
    const element = box.current
    return () => leave(element?.scrollTop ?? 0)
  }, [leave])

  // The row may still be on its way: the focus follows when it has arrived.
  useEffect(() => {
    if (focus === undefined) return
    const link = box.current?.querySelector<HTMLElement>(`[data-row="${focus}"]`)
    if (!link) return
    link.focus({ preventScroll: true })
    setFocus(undefined)
  })
  const goTo = (index: number) => {
    const target = Math.max(0, Math.min(total - 1, index))
    virtual.scrollToIndex(target, { align: 'auto' })
    setFocus(target)
  }
  const current = (): number | undefined => {
    const row = document.activeElement?.getAttribute('data-row')
    return row === null || row === undefined ? undefined : Number(row)
  }
  const step = (by: number) => {
    const at = current()
    goTo(at === undefined ? (virtual.range?.startIndex ?? 0) : at + by)
  }
  useShortcut('j', 'Next finding', () => step(1))
  useShortcut('k', 'Previous finding', () => step(-1))
  const onKeyDown = (event: KeyboardEvent) => {
    const by = keySteps[event.key]
    if (by === undefined || current() === undefined) return
    event.preventDefault()
    if (Number.isFinite(by)) step(by)
    else goTo(by < 0 ? 0 : total - 1)
  }
  const middle = virtual.range ? Math.round((virtual.range.startIndex + virtual.range.endIndex) / 2) : 0
  return (
    <div className="panel overflow-hidden">
      <div ref={box} className="overflow-y-auto" style={{ height: Math.min(fill, total * height + (narrow ? 2 : 37)) }}>
        <table aria-label="Findings" aria-rowcount={total + 1} onKeyDown={onKeyDown} className="block">
          <FindingListHead narrow={narrow} />
          <tbody className="relative block" style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => (
              <FindingListRow
                key={item.index % pool}
                index={item.index}
                top={item.start}
                height={height}
                narrow={narrow}
                finding={rushing ? undefined : rows.at(item.index)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <div className="flex flex-wrap items-center gap-3 border-t border-line px-3 py-1.5 text-sm text-muted">
        <span>{plural(total, 'finding')}</span>
        <RowJump key={middle} at={middle + 1} total={total} onJump={(row) => goTo(row - 1)} />
        <span role="status" className="ml-auto">
          {rows.readingTo === undefined ? '' : `Reading on to row ${count(rows.readingTo)}…`}
        </span>
        {rows.error ? <Button onClick={rows.retry}>Some rows failed to load. Try again</Button> : null}
      </div>
    </div>
  )
}

const keySteps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 15,
  PageUp: -15,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

const RowJump = ({
  at,
  total,
  onJump,
}: {
  readonly at: number
  readonly total: number
  readonly onJump: (row: number) => void
}) => {
  const [text, setText] = useState<string>()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const row = Number(text)
        if (Number.isInteger(row) && row >= 1) onJump(Math.min(row, total))
      }}
      className="flex items-center gap-1.5"
    >
      <label className="flex items-center gap-1.5">
        Row
        <input
          inputMode="numeric"
          value={text ?? String(at)}
          onChange={(event) => setText(event.target.value)}
          onFocus={(event) => event.target.select()}
          className="input h-6 w-18 text-right text-sm"
        />
      </label>
      of {count(total)}
    </form>
  )
}
