import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  sortFn_alphanumeric,
  sortFn_text,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import { useRowKeys } from '../lib/shortcuts.ts'
import { Icon } from './icons.tsx'

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, text: sortFn_text },
})

export interface TableColumn<Row> {
  readonly id: string
  readonly header: string
  readonly cell: (row: Row) => ReactNode
  /** What the column is ordered by; without it the column cannot be. Missing values come last. */
  readonly value?: (row: Row) => string | number | undefined
  /** Classes of head and cells: alignment, `max-md:hidden`. */
  readonly className?: string
}

interface Props<Row> {
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly TableColumn<Row>[]
  readonly keyOf: (row: Row) => string
  /** Column id, with a leading minus for descending. */
  readonly order?: string
}

/** A dense table that can be ordered by its heads; j and k walk its rows. On a phone each row is a block of named values. */
export const DataTable = <Row,>({ label, rows, columns, keyOf, order }: Props<Row>) => {
  const container = useRef<HTMLDivElement>(null)
  useRowKeys(container)
  const [sorting, setSorting] = useState<SortingState>(() =>
    order ? [{ id: order.replace(/^-/, ''), desc: order.startsWith('-') }] : [],
  )
  const definitions = useMemo(
    () =>
      columns.map(
        (column): ColumnDef<typeof features, Row & object> => ({
          id: column.id,
          header: column.header,
          accessorFn: (row) => column.value?.(row),
          enableSorting: column.value !== undefined,
          sortUndefined: 'last',
        }),
      ),
    [columns],
  )
  const table = useTable({
    features,
    columns: definitions,
    data: rows as readonly (Row & object)[],
    getRowId: keyOf,
    state: { sorting },
    onSortingChange: setSorting,
    enableSortingRemoval: false,
  })
  const classOf = (id: string) => columns.find((column) => column.id === id)?.className ?? ''
  return (
    <div ref={container} className="panel overflow-x-auto">
      <table aria-label={label} className="w-full border-collapse max-md:block">
        <thead className="max-md:hidden">
          <tr className="border-b border-line">
            {table.getFlatHeaders().map((header) => (
              <th
                key={header.id}
                scope="col"
                aria-sort={ariaSort(header.column.getIsSorted())}
                className={`table-head px-3 py-2 whitespace-nowrap ${classOf(header.column.id)}`}
              >
                {header.column.getCanSort() ? (
                  <button
                    type="button"
                    onClick={header.column.getToggleSortingHandler()}
                    className="inline-flex items-center gap-1 hover:text-ink"
                  >
                    {String(header.column.columnDef.header)}
                    <SortMark direction={header.column.getIsSorted()} />
                  </button>
                ) : (
                  String(header.column.columnDef.header)
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="max-md:block">
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              className="border-t border-line first:border-t-0 hover:bg-hover max-md:grid max-md:grid-cols-2 max-md:gap-x-3 max-md:gap-y-1.5 max-md:p-3"
            >
              {columns.map((column, at) => (
                <td
                  key={column.id}
                  data-label={at === 0 ? undefined : column.header}
                  className={`stacked px-3 py-1.5 align-middle ${column.className ?? ''}`}
                >
                  {column.cell(row.original)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const ariaSort = (direction: false | 'asc' | 'desc') =>
  direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : undefined

const SortMark = ({ direction }: { readonly direction: false | 'asc' | 'desc' }) => (
  <Icon name={direction === 'asc' ? 'up' : 'down'} className={`size-3 ${direction === false ? 'opacity-0' : ''}`} />
)
