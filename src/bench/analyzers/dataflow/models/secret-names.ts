/** Words of a name in lower case, joined by `_`: `resetToken`, `RESET-TOKEN` and `reset_token` are the same. */
export function snakeCase(name: string): string {
  let words = known.get(name)
  if (words === undefined) {
    words = separated(name)
    if (known.size >= maximalKnown) known.clear()
    known.set(name, words)
  }
  return words
}

/** The same names are asked about again and again. */
const known = new Map<string, string>()
const maximalKnown = 20_000

function separated(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z\d]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase()
}

/** What may follow the word that says what a value is, without changing it. */
const form = '(?:_(?:hex|value|val|str|string|text|raw|plain|bytes|buffer|input|candidate|digits|number|\\d+))*\\d*$'
const password = new RegExp(`(?:^|_)(?:password|passwd|passphrase|passcode|pwd|pw|pass)${form}`)
const codes =
  'reset|verification|verify|activation|confirmation|confirm|auth|authorization|authentication|login|access|recovery|backup|security|invite|invitation|voucher|coupon|promo|gift|redeem|two_factor|2fa|mfa|sms|email|one_time|otp|pin|secret|password'
const keys =
  'api|secret|private|encryption|encrypt|signing|sign|signature|auth|access|master|aes|des|hmac|jwt|cipher|crypto|session|service|webhook|license|activation|admin|shared|jwe|fernet|storage|account'
const secret = new RegExp(
  `(?:^|_)(?:(?:token|secret|otp|totp|sid|nonce|csrf|xsrf|apikey|secretkey|session_?id|session_token|sess_?id)|(?:${codes})_?codes?|(?:${keys})_?key|credentials?)(?:_hash)?${form}`,
)
const notSecret =
  /(?:^|_)(?:public|next|prev|page|cancel|cancellation|stop|pad|unk|eos|bos|sep|cls|mask|design|syntax|continuation|sync|abort|pagination|cursor|start|end|current|last|first|lookahead|peek|prompt|completion|input|output|device|push|color|theme|style|css|field|column|cache|publishable|site)_(?:token|key|nonce|code|secret)s?$/
/** A pass over data, or through a gate. */
const passing =
  /(?:^|_)(?:first|second|third|last|next|prev|previous|single|one|two|boarding|render|bi|fail|num|did|has)_pass$/
const fast = /(?:^|_)(?:key|code|session|salt|iv|pin|captcha|jti|challenge|state)$/

/** Whether a name says that it holds a password, and not something about one. */
export function isPasswordName(name: string): boolean {
  const words = snakeCase(name)
  return password.test(words) && !passing.test(words)
}

/** Whether a name says that it holds the digest of a password. */
export function isHashedPasswordName(name: string): boolean {
  return /(?:^|_)(?:pass(?:word|wd|phrase)?|pwd|pw)_?(?:hash(?:ed)?|digest|md5|sha\d*|encrypted|enc)(?:_|$)|(?:^|_)(?:hash(?:ed)?|digest|encrypt(?:ed)?|enc)_?(?:user_)?(?:pass(?:word|wd|phrase)?|pwd|pw)(?:_|$)/.test(
    snakeCase(name),
  )
}

/**
 * How surely a name says that what it holds must not be known to others: `clear` for passwords, tokens, keys of a
 * purpose; `vague` for words with other meanings too.
 */
export function secrecyOf(name: string): 'clear' | 'vague' | undefined {
  const words = snakeCase(name)
  if (notSecret.test(words)) return undefined
  if ((password.test(words) && !passing.test(words)) || secret.test(words)) return 'clear'
  return fast.test(words) ? 'vague' : undefined
}

/** What a function makes, when its name says so: `password` of `generate_password`, `createTokenFor`. */
export function madeByName(name: string): string {
  const words = snakeCase(name)
  if (
    /^(?:validate|verify|check|is|has|parse|decode|read|load|find|fetch|refresh|revoke|use|consume|delete|send|handle|on)_/.test(
      words,
    )
  )
    return ''
  return words
    .replace(/^(?:generate|gen|create|make|new|random|build|issue|get|produce|mint|rand|fresh|compute|calculate)_/, '')
    .replace(/^(?:random|secure|new|unique|a)_/, '')
    .replace(/_(?:for|of|from|by|with|using)_.*$/, '')
}
