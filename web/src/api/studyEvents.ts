import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { AnalysisEvent, Cell, Matrix, Progress, Study, StudyEvent } from './types.ts'

/**
 * Keeps the cached study and matrix current from the server's event stream while mounted. The browser reconnects by
 * itself and resumes with `Last-Event-ID`. Says whether the stream is open.
 */
export const useStudyEvents = (id: string, live: boolean): boolean => {
  const client = useQueryClient()
  const [open, setOpen] = useState(false)

  useEffect(() => {
    if (!live) return
    const source = new EventSource(`/api/v1/studies/${encodeURIComponent(id)}/events`)
    const pending = new Map<string, AnalysisEvent>()
    let frame = 0

    // One cache write per frame, however many analyses end in it.
    const flush = () => {
      frame = 0
      const events = [...pending.values()]
      pending.clear()
      client.setQueryData<Matrix>(['studies', id, 'matrix'], (matrix) => matrix && patchMatrix(matrix, events))
    }
    let lost = false
    source.onopen = () => {
      setOpen(true)
      // The server may have forgotten what it sent meanwhile.
      if (lost) void client.invalidateQueries({ queryKey: ['studies', id] })
      lost = false
    }
    source.onerror = () => {
      lost = true
      setOpen(false)
    }
    source.addEventListener('analysis', (message) => {
      const event = JSON.parse(message.data) as AnalysisEvent
      pending.set(event.analysisId, event)
      frame ||= requestAnimationFrame(flush)
    })
    source.addEventListener('progress', (message) => {
      const progress = JSON.parse(message.data) as Progress
      client.setQueryData<Study>(['studies', id], (study) => study && { ...study, progress })
    })
    source.addEventListener('study', (message) => {
      const { state } = JSON.parse(message.data) as StudyEvent
      client.setQueryData<Study>(['studies', id], (study) => study && { ...study, state })
      void client.invalidateQueries({ queryKey: ['studies', id] })
    })
    return () => {
      source.close()
      if (frame !== 0) cancelAnimationFrame(frame)
      setOpen(false)
    }
  }, [client, id, live])

  return open
}

/** The matrix with the cells the events name replaced; untouched rows keep their identity. */
export const patchMatrix = (matrix: Matrix, events: readonly AnalysisEvent[]): Matrix => {
  const byApp = Map.groupBy(events, (event) => event.appId)
  return {
    ...matrix,
    rows: matrix.rows.map((row) => {
      const changed = byApp.get(row.app.id)
      if (!changed) return row
      return {
        ...row,
        cells: row.cells.map((cell) => {
          const event = changed.find(
            (candidate) =>
              candidate.analysisId === cell.analysisId ||
              (candidate.analyzer === cell.analyzer && candidate.repeat === cell.repeat),
          )
          return event ? patchCell(cell, event) : cell
        }),
      }
    }),
  }
}

const patchCell = (cell: Cell, event: AnalysisEvent): Cell => ({
  ...cell,
  analysisId: event.analysisId,
  state: event.state,
  outcome: event.outcome,
  durationMs: event.durationMs,
  findings: event.findings,
})
