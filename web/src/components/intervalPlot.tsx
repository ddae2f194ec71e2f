import type { Scale } from '../lib/scale.ts'

const percent = (share: number) => `${(2 + 96 * share).toFixed(2)}%`

interface Props {
  readonly scale: Scale
  readonly median: number
  readonly low: number
  readonly high: number
  /** Single values, drawn faintly behind the interval. */
  readonly values?: readonly number[]
  readonly label: string
  /** A line at zero, for differences. */
  readonly zero?: boolean
  readonly tone?: string
}

/** A median and its interval on a scale shared by all rows. */
export const IntervalPlot = ({
  scale,
  median,
  low,
  high,
  values = [],
  label,
  zero = false,
  tone = 'text-accent',
}: Props) => (
  <svg role="img" aria-label={label} className={`block h-5 w-full ${tone}`}>
    <title>{label}</title>
    {scale.ticks.map((tick) => (
      <line
        key={tick}
        x1={percent(scale.at(tick))}
        x2={percent(scale.at(tick))}
        y1="0"
        y2="20"
        className="stroke-line"
      />
    ))}
    {zero ? (
      <line
        x1={percent(scale.at(0))}
        x2={percent(scale.at(0))}
        y1="0"
        y2="20"
        className="stroke-edge"
        strokeWidth="1.5"
      />
    ) : null}
    {values.map((value, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: values have no identity and may repeat
      <circle key={index} cx={percent(scale.at(value))} cy="10" r="2" className="fill-edge" opacity="0.35" />
    ))}
    <line
      x1={percent(scale.at(low))}
      x2={percent(scale.at(high))}
      y1="10"
      y2="10"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
    />
    {[low, high].map((end, side) => (
      <line
        key={side === 0 ? 'low' : 'high'}
        x1={percent(scale.at(end))}
        x2={percent(scale.at(end))}
        y1="6"
        y2="14"
        stroke="currentColor"
        strokeWidth="1.5"
      />
    ))}
    <circle
      cx={percent(scale.at(median))}
      cy="10"
      r="4"
      fill="currentColor"
      stroke="var(--color-surface)"
      strokeWidth="1.5"
    />
  </svg>
)

/** The figures of a scale, to stand above the plots that share it. */
export const ScaleAxis = ({ scale }: { readonly scale: Scale }) => (
  <svg aria-hidden="true" className="block h-4 w-full">
    {scale.ticks.map((tick) => (
      <text key={tick} x={percent(scale.at(tick))} y="12" textAnchor="middle" className="fill-muted text-[11px]">
        {tick < 0 ? `−${-tick}` : tick}
      </text>
    ))}
  </svg>
)
