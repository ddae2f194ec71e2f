import type { ReactNode } from 'react'

const shapes = {
  search: <path d="M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14" />,
  sun: (
    <path d="M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M13 3l-1.2 1.2M4.2 11.8 3 13" />
  ),
  moon: <path d="M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3Z" />,
  system: <path d="M2 3h12v8H2zM6 14h4M8 11v3" />,
  close: <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" />,
  copy: <path d="M5.5 5.5h8v8h-8zM3 10.5H2.5v-8h8V3" />,
  check: <path d="M2.5 8.5 6 12l7.5-8" />,
  down: <path d="m4 6 4 4 4-4" />,
  right: <path d="m6 4 4 4-4 4" />,
  up: <path d="m4 10 4-4 4 4" />,
  download: <path d="M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11" />,
  external: <path d="M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4" />,
  folder: <path d="M1.5 4V12.5h13V5H8L6.5 3.5h-5Z" />,
  file: <path d="M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3" />,
  keyboard: <path d="M1.5 4h13v8h-13zM4 6.5h.5M7 6.5h.5M10 6.5h.5M4 9.5h8" />,
  help: <path d="M5.8 6a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.6M8 12v.4M8 15A7 7 0 1 0 8 1a7 7 0 0 0 0 14Z" />,
  studies: <path d="M2 2.5h5v5H2zM9 2.5h5v5H9zM2 9.5h5v4H2zM9 9.5h5v4H9z" />,
  apps: <path d="m8 1.8 6 3.1-6 3.1-6-3.1zM2 8l6 3.1L14 8M2 11.1l6 3.1 6-3.1" />,
  findings: <path d="M8 1.8 14.6 13.5H1.4ZM8 6v3.5M8 11.3v.4" />,
  health: <path d="M1 8.5h3.5L6 4l3 8 2-3.5h4" />,
  members: (
    <path d="M5.8 7.5a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2ZM1 13.7c.3-2.7 2.2-4 4.8-4s4.5 1.3 4.8 4M10.6 2.6a2.5 2.5 0 0 1 0 4.7M12 9.9c1.7.5 2.7 1.8 3 3.8" />
  ),
} as const satisfies Record<string, ReactNode>

export type IconName = keyof typeof shapes

/** A line drawing of 16 × 16, in the colour of the text; the word beside it or its button's label names it. */
export const Icon = ({ name, className = 'size-4' }: { readonly name: IconName; readonly className?: string }) => (
  <svg
    viewBox="0 0 16 16"
    className={`inline-block shrink-0 ${className}`}
    fill="none"
    stroke="currentColor"
    strokeWidth="1.4"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    {shapes[name]}
  </svg>
)
