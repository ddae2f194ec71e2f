import type { SyntaxNode } from '#bench/syntax'
import type { Hit, PatternRule } from '../rule.ts'
import type { Binding, Call, Source } from '../source.ts'
import { keyword, literalOf, positional, scopesAround, stringOf } from '../values.ts'

/** Rules about hashes, ciphers and random numbers, judged by what they are used for. */
export const cryptographyRules: readonly PatternRule[] = [
  {
    id: 'weak-hash-for-secret',
    title: 'Broken hash (MD5 or SHA-1) protects a secret',
    category: 'security',
    severity: 'high',
    confidence: 'high',
    cwe: [328, 916],
    defect: 'weak-hash',
    why: 'MD5 and SHA-1 are broken and fast: stolen password hashes are reversed in minutes and signatures can be forged.',
    fix: 'Use Argon2, scrypt or bcrypt for passwords, HMAC-SHA-256 for signatures, and a random token from a secure generator for tokens.',
    python: [
      {
        on: 'call',
        names: ['hashlib.md5', 'hashlib.sha1', 'hashlib.new', 'Crypto.Hash.MD5.new'],
        match: pythonWeakHash,
      },
    ],
    javascript: [
      { on: 'call', names: ['*.createHash', 'crypto.createHash'], match: scriptWeakHash },
      {
        on: 'call',
        names: ['*.MD5', '*.SHA1', 'md5', 'sha1', 'crypto-js/md5', 'crypto-js/sha1'],
        match: libraryWeakHash,
      },
    ],
  },
  {
    id: 'fast-hash-for-password',
    title: 'Fast hash used for a password',
    category: 'security',
    severity: 'high',
    confidence: 'high',
    cwe: [916],
    defect: 'weak-password-storage',
    why: 'A graphics card tries billions of SHA-2 hashes a second, so most passwords fall within hours of a leak, salted or not.',
    fix: 'Use Argon2, scrypt or bcrypt (werkzeug.security.generate_password_hash, the bcrypt package, crypto.scrypt).',
    python: [
      {
        on: 'call',
        names: [
          'hashlib.sha224',
          'hashlib.sha256',
          'hashlib.sha384',
          'hashlib.sha512',
          'hashlib.sha3_256',
          'hashlib.blake2b',
        ],
        match: pythonFastHash,
      },
    ],
    javascript: [
      { on: 'call', names: ['*.createHash', 'crypto.createHash'], match: scriptFastHash },
      { on: 'call', names: ['*.SHA256', '*.SHA512', 'sha256', 'js-sha256'], match: libraryFastHash },
    ],
  },
  {
    id: 'weak-cipher',
    title: 'Broken cipher or cipher mode',
    category: 'security',
    severity: 'high',
    confidence: 'high',
    cwe: [327],
    defect: 'weak-cipher',
    why: 'DES and RC4 can be broken with modest means, and ECB shows equal blocks as equal, so the content shows through.',
    fix: 'Use AES-256-GCM or ChaCha20-Poly1305 with a random nonce per message.',
    python: [
      { on: 'call', names: ['*.new'], match: pythonCipher },
      { on: 'call', names: ['*.ECB', '*.TripleDES', '*.ARC4', '*.Blowfish', '*.IDEA', '*.CAST5'], match: hazmatCipher },
    ],
    javascript: [
      {
        on: 'call',
        names: ['*.createCipheriv', '*.createDecipheriv', '*.createCipher', '*.createDecipher'],
        match: nodeCipher,
      },
      { on: 'call', names: ['*.encrypt', '*.decrypt'], match: libraryCipher },
    ],
  },
  {
    id: 'weak-random-secret',
    title: 'Predictable random numbers make a secret',
    category: 'security',
    severity: 'high',
    confidence: 'high',
    cwe: [338],
    defect: 'weak-random',
    why: 'Math.random and Python’s random can be predicted from a few outputs, so others can guess the tokens that follow.',
    fix: 'Use crypto.randomBytes or crypto.randomUUID in Node, crypto.getRandomValues in the browser, the secrets module in Python.',
    python: [
      { on: 'binding', name: secretKind(), match: predictableBinding },
      { on: 'return', match: predictableReturn },
    ],
    javascript: [
      { on: 'binding', name: secretKind(), match: predictableBinding },
      { on: 'return', match: predictableReturn },
    ],
  },
]

function secretKind(): RegExp {
  return /(?:token|password|passwd|secret|otp|session_?id|sessionKey|api_?key|nonce|salt|csrf|reset_?code|verification_?code|invite_?code|coupon_?code|auth_?code|pin_?code)$/i
}

const passwordWord = /\b\w*(?:password|passwd|passphrase|pwd)\w*\b/i
const secretWord = /\b\w*(?:password|passwd|passphrase|pwd|secret|token|api_?key|session|signature)\w*\b/i
const harmlessUse =
  /checksum|etag|e_tag|cache|gravatar|avatar|fingerprint|dedup|file|content|digest_of|integrity|color|colour|shard|bucket|pwned|breach/i

/** The words a call stands among: its arguments, what the result is bound to, the function it is in. */
function usesOf(call: Call, source: Source, given: string): string {
  const scope = scopesAround(call.node, source)[0]
  const functionName =
    scope?.node.childForFieldName('name')?.text ?? scope?.node.parent?.childForFieldName('name')?.text ?? ''
  let target = ''
  for (let node: SyntaxNode | null = call.node, steps = 0; node !== null && steps < 8; node = node.parent, steps += 1) {
    if (/^(?:assignment|variable_declarator|assignment_expression|keyword_argument|pair)$/.test(node.type)) {
      target =
        (node.childForFieldName('left') ?? node.childForFieldName('name') ?? node.childForFieldName('key'))?.text ?? ''
      break
    }
  }
  return `${given.slice(0, 300)} ${target} ${functionName} ${/pwned|breach/i.exec(source.path)?.[0] ?? ''}`
}

function weakHashHit(call: Call, node: SyntaxNode, uses: string, algorithm: string): Hit | undefined {
  const secret = secretWord.exec(uses)?.[0]
  if (secret === undefined || harmlessUse.test(uses)) return undefined
  return { node, message: `${algorithm.toUpperCase()} is used on \`${secret}\`.`, subject: call.name }
}

function pythonWeakHash(call: Call, source: Source): Hit | undefined {
  if (literalOf(keyword(call, 'usedforsecurity'), source)?.value === false) return undefined
  const algorithm =
    call.method === 'new' && !/MD5/.test(call.name) ? (stringOf(positional(call)[0], source) ?? '') : call.method
  if (!/MD5\.new$/.test(call.name) && !/^(?:md5|sha1)$/i.test(algorithm)) return undefined
  const name = algorithm === 'new' ? 'MD5' : algorithm
  return weakHashHit(call, call.node, usesOf(call, source, call.arguments.text), name)
}

/** `createHash('md5').update(password)`: the arguments of `update` are part of the chain around the call. */
function chainText(call: Call): string {
  let node: SyntaxNode = call.node
  while (node.parent !== null && /^(?:member_expression|call_expression)$/.test(node.parent.type)) node = node.parent
  return node.text.slice(0, 500)
}

function scriptWeakHash(call: Call, source: Source): Hit | undefined {
  const algorithm = stringOf(positional(call)[0], source) ?? ''
  if (!/^(?:md5|sha-?1)$/i.test(algorithm)) return undefined
  return weakHashHit(call, call.node, usesOf(call, source, chainText(call)), algorithm)
}

function libraryWeakHash(call: Call, source: Source): Hit | undefined {
  if (/[a-z]/.test(call.method) && !source.imports.has(call.callee.text)) return undefined
  return weakHashHit(call, call.node, usesOf(call, source, call.arguments.text), call.method)
}

function fastHashHit(call: Call, given: string, source: Source): Hit | undefined {
  const uses = usesOf(call, source, given)
  const password = passwordWord.exec(uses)?.[0]
  if (password === undefined || harmlessUse.test(uses) || /reset|token|key_?derivation|breach|pwned/i.test(uses))
    return undefined
  if (/\b(?:bcrypt|argon2|scrypt|pbkdf2)/i.test(uses)) return undefined
  return { node: call.node, message: `${call.callee.text} is used on \`${password}\`.`, subject: call.name }
}

function pythonFastHash(call: Call, source: Source): Hit | undefined {
  return fastHashHit(call, call.arguments.text, source)
}

function scriptFastHash(call: Call, source: Source): Hit | undefined {
  const algorithm = stringOf(positional(call)[0], source) ?? ''
  return /^sha-?(?:224|256|384|512)$|^sha3/i.test(algorithm) ? fastHashHit(call, chainText(call), source) : undefined
}

function libraryFastHash(call: Call, source: Source): Hit | undefined {
  return fastHashHit(call, call.arguments.text, source)
}

function pythonCipher(call: Call): Hit | undefined {
  const name = /(?:^|\.)(DES3?|ARC4|ARC2|Blowfish|AES)\.new$/.exec(call.name)?.[1]
  if (name === undefined) return undefined
  if (name === 'AES' && !/\bMODE_ECB\b/.test(call.arguments.text)) return undefined
  return { node: call.node, message: `${name === 'AES' ? 'AES in ECB mode' : name} encrypts the data.` }
}

function hazmatCipher(call: Call): Hit | undefined {
  if (!/(?:modes\.ECB|algorithms\.(?:TripleDES|ARC4|Blowfish|IDEA|CAST5))$/.test(call.name)) return undefined
  return { node: call.node, message: `\`${call.callee.text}\` encrypts the data.` }
}

function nodeCipher(call: Call, source: Source): Hit | undefined {
  const algorithm = stringOf(positional(call)[0], source)
  if (/cipher$/i.test(call.method) && /crypto/.test(call.name)) {
    return {
      node: call.node,
      message: `\`${call.callee.text}\` derives key and nonce from a password by MD5, without a salt.`,
      fix: 'Use createCipheriv with aes-256-gcm, a key from scrypt and a random nonce.',
    }
  }
  if (algorithm === undefined || !/^(?:des|rc4|rc2|bf|blowfish|idea|cast|seed)|-ecb$/i.test(algorithm)) return undefined
  return { node: call.node, message: `\`${algorithm}\` encrypts the data.` }
}

function libraryCipher(call: Call): Hit | undefined {
  const name = /(?:^|\.)(DES|TripleDES|RC4|RC4Drop|Rabbit)\.(?:encrypt|decrypt)$/.exec(call.name)?.[1]
  if (name !== undefined) return { node: call.node, message: `${name} encrypts the data.` }
  return /\bmode\s*:\s*[\w.]*\bmode\.ECB\b/.test(call.arguments.text)
    ? { node: call.node, message: 'ECB mode encrypts the data.' }
    : undefined
}

const predictable = /\bMath\.random\(\)|(?<![\w.])random\.(?:random|randint|choices?|randrange|sample|getrandbits)\(/

function predictableIn(node: SyntaxNode): string | undefined {
  if (node.endIndex - node.startIndex > 600) return undefined
  const text = node.text
  if (/SystemRandom|secrets\.|crypto\.|getRandomValues/.test(text)) return undefined
  return predictable.exec(text)?.[0]
}

function predictableBinding(binding: Binding, source: Source): Hit | undefined {
  if (/function|arrow|lambda|class|object|dictionary/.test(binding.value.type)) return undefined
  const made = predictableIn(binding.value)
  if (made === undefined || separates(binding, source)) return undefined
  return {
    node: binding.node,
    message: `\`${binding.name}\` is made by \`${made.replace(/\(.*$/, '')}\`.`,
    subject: binding.name,
    // A salt need not be secret, only different for each password.
    ...(/salt$/i.test(binding.name) && { severity: 'low' }),
  }
}

/** The boundary of a MIME message must be unlike its parts, not unknown. */
function separates(binding: Binding, source: Source): boolean {
  const name = scopesAround(binding.node, source)[0]?.node.childForFieldName('name')?.text ?? ''
  return /boundary|separator|delimiter/i.test(name)
}

/** `def generate_token(): return ''.join(random.choices(…))`. */
function predictableReturn(value: SyntaxNode, source: Source): Hit | undefined {
  const generator = predictableIn(value)
  if (generator === undefined) return undefined
  const scope = scopesAround(value, source)[0]
  const name = scope?.node.childForFieldName('name')?.text ?? scope?.node.parent?.childForFieldName('name')?.text ?? ''
  if (
    !(source.family === 'python' && /^(?:generate|create|make|new|random)_?key$/.test(name)) &&
    !secretKind().test(name) &&
    !/(?:generate|create|make|new)_?(?:token|password|otp|secret|session|api_?key|salt|nonce|code)/i.test(name)
  )
    return undefined
  return { node: value, message: `\`${name}\` returns what \`${generator.replace(/\(.*$/, '')}\` made.`, subject: name }
}
