/** A share of 0…1 as a bar, beside the figure it draws. */
export const Bar = ({ share }: { readonly share: number }) => (
  <svg aria-hidden="true" className="block h-2 w-full text-accent">
    <rect width={`${100 * share}%`} height="8" fill="currentColor" opacity="0.55" />
  </svg>
)
