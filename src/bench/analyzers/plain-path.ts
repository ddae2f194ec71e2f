/**
 * A path under which a copy of a file can be handed to any tool: the file's own where that is harmless, otherwise
 * one made of `number` that keeps the extension. Harmless means no control characters, backslashes or lone
 * surrogates, and segments of at most 200 bytes.
 */
export function plainPath(path: string, number: number): string {
  return isPlain(path) ? path : `renamed/${number}${/\.[A-Za-z]{1,8}$/.exec(path)?.[0] ?? '.txt'}`
}

function isPlain(path: string): boolean {
  if (/[\u0000-\u001f\u007f\\\ufffd]/.test(path) || !path.isWellFormed()) return false
  return path.length < 1000 && path.split('/').every((segment) => Buffer.byteLength(segment) <= 200)
}
