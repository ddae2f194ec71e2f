import { snakeCase } from './secret-names.ts'

/** How surely a text written in the code is a credential: `plain` ones may be made up, a `placeholder` still works as a key. */
export type Grade = 'strong' | 'plain' | 'placeholder'

/** Words that name a credential instead of being one. */
const vocabulary =
  /^(?:x|a|the|my|user|users|username|access|refresh|auth|authentication|authorization|api|app|client|key|keys|token|tokens|secret|secrets|password|passwd|pwd|pass|passphrase|session|sessionid|sid|csrf|xsrf|jwt|bearer|basic|header|cookie|field|input|label|form|hash|hashed|id|ids|name|names|type|value|values|data|new|old|current|confirm|confirmation|reset|forgot|change|update|invalid|valid|missing|required|optional|wrong|incorrect|error|string|text|hidden|null|none|undefined|true|false|bool|boolean|number|int|integer|object|enc|encrypted|redacted|masked|private|public|service|admin|account|credentials?|code|otp|verify|verification|email|mail|phone|login|signin|signup|register|logout|web|public|oauth|oauth2|openid|google|github|facebook|db|database|env|config|store|storage|local|link|url|uri|page|route|path|param|params|query|body|json|and|or|is|not|no|of|for|to|in|with|by|from|at|on|do|does|match|too|short|long|weak|strong|min|max|length|rule|rules|policy|strength|visible|show|hide|toggle|icon|button|title|message|hint|help|placeholder|encryption|signing|signature|webhook|crypto|cipher|license|activation|apikey|passcode|pin|captcha|recaptcha)$/
const placeholder =
  /^(?:x+|\*+|\.+|-+|_+|0+|todo|tbd|foo|bar|baz|dummy|fake|mock|test|testing|sample|demo|dev|development|unsafe|insecure|n\/a)$|your[_\- ]|^your|_here$|-here$|^<.*>$|^\[.*\]$|^\{.*\}$|^%.*%$|example|placeholder|change[_\- ]?(?:me|this|it|in)|replace[_\- ]?(?:me|with|this)|^insert[_-]|xxx|\.\.\.|not[_-]?(?:so|very|a|for|secure|secret)|do[_-]?not|only[_-]?for|dummy|^(?:dev|test|demo|local|sample|mock|fake)[_\- ]|[_\- ](?:dev|test|local|only)$|development|testing|redacted/i
const known =
  /^(?:AKIA|ASIA)[A-Z0-9]{16}$|^(?:sk|rk)_live_[A-Za-z0-9]{16,}$|^sk-(?:ant-|proj-|or-)?[A-Za-z0-9_-]{20,}$|^gh[pousr]_[A-Za-z0-9]{30,}$|^github_pat_\w{40,}$|^glpat-[\w-]{20,}$|^xox[abprs]-[\w-]{20,}$|^AIza[\w-]{35}$|^SG\.[\w-]{20,}\.[\w-]{20,}$|^npm_[A-Za-z0-9]{36}$|^\s*-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED |PGP )?PRIVATE KEY(?: BLOCK)?-----\s+[\w+/=]{40}/

/** Whether a text is a credential of a provider by its form alone. */
export function isKnownFormat(text: string): boolean {
  return known.test(text) && !/EXAMPLE|example|xxxx|0000000000/.test(text)
}

/** Names of keys that sign sessions and tokens: there even a placeholder is a working key. */
export function isSigningKeyName(name: string): boolean {
  return /(?:^|_)(?:secret_?key|jwt_?secret(?:_key)?|session_?secret|cookie_?secret|(?:signing|token|auth|app|hmac|nextauth|encryption)_?secret|(?:signing|encryption|jwt|hmac|fernet|session)_?key|secret_or_key|security_password_salt)$/.test(
    snakeCase(name),
  )
}

/** Names that hold a credential of any kind. */
export function isCredentialName(name: string): boolean {
  const words = snakeCase(name)
  if (isSigningKeyName(name)) return true
  if (
    /(?:^|_)(?:public|site|publishable|cache|sort|primary|foreign|storage|next|prev|page|cancel|csrf|xsrf|design|eos|pad)_(?:key|token|secret)$/.test(
      words,
    )
  )
    return false
  return /(?:^|_)(?:password|passwd|passphrase|pwd|pass|secret|api_?key|apikey|(?:access|private|admin|master|service|license|auth|account|webhook|shared|aws_secret_access|subscription|storage_account)_?key|token|client_?secret|credentials?|auth_?pass(?:word)?)\d?$/.test(
    words,
  )
}

/** What a text that stands under a name is worth as a credential; undefined for labels, messages, names, paths. */
export function gradeOf(name: string, text: string): Grade | undefined {
  if (isKnownFormat(text)) return 'strong'
  const isSigning = isSigningKeyName(name)
  const value = text.trim()
  if (value.length === 0 || value.length > 300) return undefined
  const words = value
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean)
  // A field's or a variable's name, a type, the same word again.
  const isName = words.every((word) => vocabulary.test(word))
  if (isSigning) {
    if (/^(?:process\.env|os\.environ|env[:.])|^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value)) return undefined
    if (placeholder.test(value)) return 'placeholder'
    return isName || value.length < 8 ? 'plain' : 'strong'
  }
  if (/\s/.test(value) || value.length > 160 || placeholder.test(value) || isName) return undefined
  if (
    /^(?:https?:)?\/\/|^[./#@:[^]|^--|[<>{}]|^\$|^[\w-]+\.(?:json|ya?ml|txt|pem|key|ts|js|py|env|com|org|net|io|html|css)$/.test(
      value,
    )
  )
    return undefined
  if (/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value)) return undefined
  // The word for it in some language.
  if (/^\p{Lu}\p{Ll}+[:*]?$/u.test(value) || /^[\p{L}:*]*[^\x00-\x7f][\p{L}:*]*$/u.test(value)) return undefined
  const isPassword = /(?:^|_)(?:pass|pwd)/.test(snakeCase(name))
  const isMixed = /\d/.test(value) && /[A-Za-z]/.test(value)
  if (value.length < (isPassword ? 4 : isMixed ? 6 : 8)) return undefined
  const isLong = value.length >= 20 && !/^[a-z]+(?:[-_.:/][a-z]+)+$/i.test(value)
  if (isPassword) return isMixed || /[^\w-]/.test(value) ? 'strong' : 'plain'
  if (isLong && (isMixed || /[A-Z].*[a-z].*[A-Z]/.test(value))) return 'strong'
  if (isMixed) return 'plain'
  return /(?:super|my|top|very|our)[-_]?(?:secret|secure|private)|secret/i.test(value) ? 'plain' : undefined
}

const withPassword = /^[a-z][a-z0-9+.-]{1,30}:\/\/([^\s:/@]{0,80}):([^\s@/]{1,120})@([^/\s:@,?]+)/i

/** What the password in an address is worth: `postgres://user:password@host`. */
export function addressGrade(text: string): Grade | undefined {
  // Each of the forms has one of these.
  if (!text.includes('://') && !text.includes('=')) return undefined
  const [, user = '', password = '', host = ''] = withPassword.exec(text) ?? inParts(text) ?? []
  if (password === '' || /^(?:[{<$%*]|\$\{)|[}>]$|^x+$/.test(password) || placeholder.test(password)) return undefined
  const isLocal = /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal|[a-z]+)$/i.test(host)
  const isCommon =
    password.toLowerCase() === user.toLowerCase() ||
    /^(?:pass(?:word)?|passwd|pwd|postgres|root|admin|test|guest|secret|user|mysql|mongo|redis|minioadmin|rabbitmq)(?:\d{0,3})$/i.test(
      password,
    )
  if (/example/i.test(host) || (isCommon && /^(?:host|hostname|server)$/i.test(host))) return undefined
  if (isCommon) return isLocal ? 'placeholder' : 'plain'
  return isLocal ? 'plain' : 'strong'
}

/** `host=… user=… password=…`, `Server=…;Uid=…;Pwd=…`. */
function inParts(text: string): readonly string[] | undefined {
  const password = passwordPart.exec(text)?.[1]
  if (password === undefined) return undefined
  const host = hostPart.exec(text)?.[1]
  if (host === undefined && !ownerPart.test(text)) return undefined
  return ['', userPart.exec(text)?.[1] ?? '', password, host ?? 'localhost']
}

function partNamed(names: string): RegExp {
  return new RegExp(`(?:^|[\\s;])(?:${names})\\s*=\\s*([^\\s;'"]{1,120})`, 'i')
}

const passwordPart = partNamed('password|pwd')
const hostPart = partNamed('host|server|data source')
const ownerPart = partNamed('user|uid|user id|dbname|database')
const userPart = partNamed('user|uid|user id')
