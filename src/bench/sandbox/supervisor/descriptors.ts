import { closeSync, readdirSync, readFileSync } from 'node:fs'

/** O_CLOEXEC as /proc shows it, octal. */
const closedOnStart = 0o2000000

/**
 * Closes what Assay's own parents forgot to close, so that no program here inherits a file of the host. Node has marked the
 * descriptors it knows of; what is not marked is meant for nobody.
 */
export function closeForgotten(): void {
  for (const name of readdirSync('/proc/self/fdinfo')) {
    const descriptor = Number(name)
    if (descriptor > 2 && isForgotten(descriptor)) closeSync(descriptor)
  }
}

function isForgotten(descriptor: number): boolean {
  try {
    const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1]
    return flags !== undefined && (Number.parseInt(flags, 8) & closedOnStart) === 0
  } catch {
    // It was the one the folder was listed with.
    return false
  }
}
