/**
 * What a value given to a credential's name is:
 * - `reference`: taken from elsewhere (environment, template, vault)
 * - `placeholder`: a text that tells people to put something here
 * - `default`: a word everyone tries first (`dev`, `secret`, `postgres`)
 * - `not-a-secret`: prose, a label, a path, a type, a plain word
 * - `literal`: a value of its own
 */
export type ValueKind = 'reference' | 'placeholder' | 'default' | 'not-a-secret' | 'literal'

/**
 * What a name asks for: `chosen` by the author and used as it is (signing keys, passwords), `issued` by somebody
 * else (API keys, tokens), for which a placeholder is harmless.
 */
export type CredentialName = 'chosen' | 'issued'

const chosenWords =
  /(?:^|_)(?:secret|secret_?key|jwt_?(?:secret|key|private)|(?:session|cookie|app|token|access|refresh|auth|csrf|flask|django)_?secret|secret_?token|(?:signing|encryption|crypto|cipher|aes|fernet|hmac|master|private)_?key|passphrase|pwd|pass|db_?pw|userpass|rootpw)$|(?:password|passwd|secret_?key)$/
const issuedWords =
  /(?:^|_)(?:token|credentials?|(?:consumer|client|api|webhook)_?secret|(?:access|account|service|server|auth|license|stripe|publishable)_?key|access_?key_?id|secret_?access_?key)$|api_?(?:key|token)$/
/** Names that end like a credential and are none: a storage key, a form field, a CSS or i18n key. */
const innocentNames =
  /(?:^|_)(?:csrf_?token|xsrf_?token|next_?token|page_?token|continuation_?token|max_?tokens?|num_?tokens?|pad_?token|eos_?token|bos_?token|unk_?token|sep_?token|mask_?token|cls_?token|type_?token|token_?key|storage_?key|cache_?key|query_?key|public_?key|bypass|compass|by_?pass|show_?password|forgot_?password|reset_?password|change_?password|confirm_?password|toggle_?password|update_?password|verify_?password|check_?password|hash_?password|invalid_?password|wrong_?password|no_?password|weak_?password|password_?confirm|enter_?password|new_?password|old_?password|current_?password|repeat_?password|your_?password)$/

/** What a variable, key or parameter of that name holds, or undefined when it is no credential. */
export function credentialName(name: string): CredentialName | undefined {
  const plain = name
    .slice(-80)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .replace(/_?\d+$/, '')
  if (innocentNames.test(plain)) return undefined
  if (issuedWords.test(plain)) return 'issued'
  if (chosenWords.test(plain)) return 'chosen'
  return undefined
}

const references =
  /^(?:\$|\{\{|<%|%\(|#\{|@@|!|arn:|vault:|secret:\/\/|op:\/\/|ssm:|ref\+|env:|file:|enc\[|\/run\/secrets\/)|\$\{|\{\{|\$\(|process\.env|import\.meta|os\.(?:environ|getenv)|getenv|env\(|config\(|^\{[a-z_]\w*\}$/i
const placeholders =
  /x{3,}|\*{3,}|\.{3}|…|_{4,}|^-+$|(?:^|[^a-z])(?:your|my)[-_ ]?(?:\d|own|actual|real|very|super|strong|secure|unique|random|secret|api|jwt|app|db|database|password|token|client|private|openai|stripe|aws|smtp|email|google|github|access|auth|key|flask|django|session)|replace[-_ ]?(?:me|this|with|in|by)|change[-_ ]?(?:me|this|it|in|before|for|to|the|your|default)|placeholder|example|insert|to[-_ ]?be[-_ ]?(?:set|filled|replaced|changed|provided)|put[-_ ]?your|fill[-_ ]?(?:me|in)|(?:goes|here)$|^(?:todo|fixme)(?:$|[: ])|^tbd$|dummy|redacted|(?:^|[-_])fake(?:$|[-_])|not[-_ ]?(?:a[-_ ]?)?real|generate[-_ ](?:a|with|one|using)|^sk-(?:\.|x|proj-\.)|^(?:abc|foo|bar|baz|qux|asdf|abcdef|deadbeef)\d*$|^n\/?a$/i
const defaultWords = new Set(
  (
    'dev development dev-key devkey dev_key dev-secret dev_secret devsecret secret secrets secretkey secret-key secret_key secret123 ' +
    'mysecret mysecretkey my-secret my_secret my-secret-key my_secret_key supersecret super-secret super_secret supersecretkey ' +
    'super-secret-key super_secret_key supersecretpassword topsecret top-secret verysecret very-secret-key jwtsecret jwt-secret jwt_secret ' +
    'jwt-secret-key jwt_secret_key session-secret sessionsecret flask-secret-key keyboardcat keyboard-cat insecure insecure-key default default-secret ' +
    'password password1 password123 passw0rd pass pass123 p@ssw0rd p@ssword changeme change-me change_me change-this changethis letmein welcome ' +
    'welcome1 welcome123 qwerty qwerty123 admin admin123 administrator root toor user user123 guest test test123 testing demo demo123 postgres ' +
    'postgresql mysql mongo mongodb redis rabbitmq minio minioadmin sa 123 1234 12345 123456 1234567 12345678 123456789 1234567890 0000 1111 ' +
    'abc123 iloveyou monkey dragon temp local localdev shhh shhhh shhhhh secret-key-change-in-production change-me-in-production changeme-in-production'
  ).split(' '),
)
/** Defaults with something around them: every word of `dev-secret-key-change-in-production` is one of these. */
const defaultPhraseWords = new Set(
  (
    'your my the a this is super very top ultra dev development local localhost test testing demo default fallback insecure unsafe secure ' +
    'temp temporary please change changed changeme me it in for to production prod app application flask django express fastapi node jwt ' +
    'session cookie auth api secret supersecret token key password pass here replace with random strong string only not do use keyboard cat ' +
    'todo blog shop access refresh signing encryption secretkey devsecret server must be or env environment value some 1 2 123 1234 12345 123456'
  ).split(' '),
)

const typeWords =
  /^(?:null|none|nil|undefined|true|false|yes|no|on|off|string|str|number|any|object|required|optional|hidden|include|omit|same-origin|bearer|basic|jwt|oauth2?|text|email|username)$/i

/** What the value assigned to a credential is. The name is that of the variable or key. */
export function valueKind(value: string, name: string): ValueKind {
  const text = value.trim()
  if (text.length === 0 || text.length > 4096) return 'not-a-secret'
  if (references.test(text) || isVariableName(text)) return 'reference'
  if (typeWords.test(text) || plain(text) === plain(name)) return 'not-a-secret'
  const lower = text.toLowerCase()
  if (defaultWords.has(lower) || lower === 'keyboard cat') return 'default'
  if (/^[<[({].*[>\])}]$/.test(text)) return 'placeholder'
  if (/\s/.test(text) || isLookup(lower, name)) return 'not-a-secret'
  if (placeholders.test(text)) return 'placeholder'
  if (words(text).length > 1 && words(text).every((word) => defaultPhraseWords.has(word))) return 'default'
  return looksStructural(text) ? 'not-a-secret' : 'literal'
}

/** `SSO_JWT_SECRET`: the environment variable to read, as tables of settings have it. */
function isVariableName(text: string): boolean {
  return /^[A-Z][A-Z0-9]*(?:_[A-Z][A-Z0-9]*){1,8}$/.test(text) && credentialName(text) !== undefined
}

/** `password` for `DB_PASSWORD`: the last word of the name, as tables from settings to their names have it. */
export function endsName(value: string, name: string): boolean {
  return plain(name).endsWith(plain(value))
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

/** `auth_token` for `ACCESS_TOKEN`, `user_password` for `password`: what to look up, not the thing itself. */
function isLookup(value: string, name: string): boolean {
  if (!/^[a-z_.:-]{1,32}$/.test(value)) return false
  if (credentialName(name) === 'issued')
    return credentialName(value) !== undefined || innocentNames.test(value.replaceAll('-', '_'))
  return /password$/i.test(name) && /password$/.test(value)
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** Paths, addresses without credentials, versions, dotted names, file names, CSS selectors, validation rules, words of other scripts. */
function looksStructural(text: string): boolean {
  if (!/[a-z0-9]/i.test(text) || /\p{L}/u.test(text.replace(/[a-z]/gi, ''))) return true
  if (/^[\^~<>=v]*\d+(?:\.(?:\d+|x|\*)){1,3}(?:-[\w.]+)?$/.test(text)) return true
  if (/^[a-z]*[[.#]|^(?:required|nullable|string|min|max|confirmed)[|:]/i.test(text) && text.length < 80) return true
  if (/^(?:\.{0,2}\/|~\/|[a-z]:\\|https?:\/\/|wss?:\/\/|#[\w-]+$)/i.test(text) && !hasPassword(text)) return true
  if (/^[a-z_]\w*(?:\.[a-z_]\w*)+(?:\(.*\))?$/i.test(text) && !/\d{3}/.test(text) && text.length < 60) return true
  return /\.(?:pem|key|crt|json|ya?ml|txt|env|py|js|ts|html|css)$/i.test(text)
}

/** Whether an address carries a user and a password. */
export function hasPassword(address: string): boolean {
  const user = /^[a-z][a-z0-9+.-]*:\/\/([^/\s@]*)@/i.exec(address)?.[1]
  return user !== undefined && /:./.test(user)
}

/** Shannon entropy in bits per character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) {
    const share = count / text.length
    bits -= share * Math.log2(share)
  }
  return bits
}

/** Shows that a secret is there without giving it away: the first four characters (of long ones) and the length. */
export function mask(secret: string): string {
  const shown = secret.length >= 16 ? secret.slice(0, 4) : ''
  return `${shown}… (${secret.length} characters)`
}
