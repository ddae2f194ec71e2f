/** A relative path as a relative URI reference: every segment percent-encoded (RFC 3986), separators kept. */
export function uriOfPath(path: string): string {
  return path.split('/').map(encodeSegment).join('/')
}

/** `%` first, so that a path that looks encoded survives; lone surrogates cannot be encoded and become U+FFFD. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.toWellFormed())
}

/**
 * The path a SARIF URI stands for: decoded, with `/` separators, without scheme and leading `./` or `/`. Sequences that are not
 * valid percent-encoding are kept as they are: many tools write plain paths.
 */
export function pathOfUri(uri: string): string {
  const local = uri.replace(/^[a-z][a-z0-9+.-]+:(?:\/\/[^/]*)?/i, '')
  const segments = local.replaceAll('\\', '/').split('/').map(decodeSegment)
  while (segments.length > 1 && (segments[0] === '' || segments[0] === '.')) segments.shift()
  return segments.join('/')
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (error) {
    if (error instanceof URIError) return segment
    throw error
  }
}
