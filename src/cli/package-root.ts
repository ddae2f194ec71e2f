import { fileURLToPath } from 'node:url'

/** The folder of the package: beside `src` in a checkout, beside `dist` when installed. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url))
