/** How far long work is; `value` of `total`. The label is read out, the numbers stand beside the bar. */
export const ProgressBar = ({
  value,
  total,
  label,
}: {
  readonly value: number
  readonly total: number
  readonly label: string
}) => (
  <svg
    role="progressbar"
    aria-label={label}
    aria-valuemin={0}
    aria-valuemax={total}
    aria-valuenow={value}
    viewBox="0 0 100 4"
    preserveAspectRatio="none"
    className="block h-1 w-full"
  >
    <rect width="100" height="4" className="fill-line" />
    <rect width={total === 0 ? 0 : (100 * value) / total} height="4" className="fill-accent" />
  </svg>
)
