/**
 * What names say in programs: who asks for a sign-in, what changes data, what has to be open. Names are matched as people
 * write them in Python and JavaScript; where the code behind a name is known, it decides instead.
 */

/** 0: nobody is asked; 1: a signed-in person or a key; 2: certain rights. */
export type Level = 0 | 1 | 2

const rights =
  /admin|staff|superuser|super_?user|roles?(?![a-z])|permissions?|permit|privilege|moderator|user_passes_test|scopes?(?![a-z])|acl(?![a-z])|^can_?[A-Z_a-z]|restrict_?to/i
const signedIn =
  /auth|log_?in|logged|sign(?:ed)?_?in|jwt|token|(?:require|ensure|need|check|verify|with)s?_?(?:session|user|key|member|account|api|owner|secret)|current_?user|get_?user$|user_?required|session_?required|protect|api_?key|bearer|oauth|credential|clerk|passport|security|principal|is_?owner/i
/** Names of what looks like a guard and asks nobody. */
const noGuard =
  /limit|throttle|initiali[sz]e|optional|attach|load_?user|populate|deserialize|csrf|xsrf|passport\.session|cors|helmet|logger|upload|multer|validat|sanit|body_?parser|cookie_?parser|generate|create_?token|cache/i

/** What the name of a decorator, dependency or middleware promises. */
export function guardLevel(text: string): Level {
  const name = text.replace(/\s+/g, ' ').slice(0, 160)
  if (noGuard.test(name) && !/^(?:\w+\.)?(?:require|ensure|protect)/i.test(name)) return 0
  if (/IsAuthenticated/.test(name) && !/admin|staff/i.test(name)) return 1
  if (rights.test(name)) return 2
  return signedIn.test(name) ? 1 : 0
}

const asks =
  /^(?:require|ensure|assert|check|verify|enforce|validate|restrict|must_?be|need|abort_?unless|deny_?unless)s?_?\w*(?:auth|user|admin|log_?in|logged|signed|session|token|jwt|role|permission|access|owner|member|api_?key|signature|rights|privilege)\w*$/i
const refuses =
  /^(?:constructEvent\w*|construct_event|verify_?(?:webhook_?)?signature|authori[sz]e|authenticate|protect|verify_jwt_in_request|jwtVerify|verifyIdToken|verify_id_token)$/

/** What a call of a library's or unseen function guarantees afterwards. */
export function callLevel(name: string): Level {
  if (!asks.test(name) && !refuses.test(name)) return 0
  return rights.test(name) ? 2 : 1
}

/** Calls that say who sent the request. */
export const tellsIdentity =
  /current_?(?:user|admin|account|member|identity)|(?:get|use|fetch|read|load|require)_?(?:server_?)?(?:session|auth)(?![a-z]*maker)|^auth$|^get_?auth|server_?session|authenti?cat|authori[sz]|authed|logged_?in|signed_?in|^is_?auth|jwt|(?:^|_)token(?![a-z])|[a-z]Token(?![a-z])|api_?key|compare_digest|timing_?safe|permission|has_?perm|has_?role|is_?admin|is_?staff|is_?owner|signature|bearer|credential|identity|claims|validate_?(?:request|session)|^get_?user$|get_?user_?id|session_?user|principal/i
/** Calls that make what an identity is proven with, rather than look at one. */
export const makesIdentity =
  /^(?:create|generate|make|new|sign|issue|hash|set|delete|revoke|csrf|build|mint|send|reset)/i
export const tellsRights =
  /roles?(?![a-z])|perm(?:s|issions?)?(?![a-z])|admin|staff|superuser|super_?user|scopes?(?![a-z])|privilege|moderator|is_?manager|^can_?[A-Z_]/i
export const rightsText = /^(?:super_?)?(?:admin\w*|staff|moderator|owner|manager|superuser|editor|root)$/i
/** Attributes of a request, a context or a socket that say who sent it. */
export const identityKey =
  /^(?:user|user_?id|current_?user|auth|auth_?user|auth_?data|account|account_?id|member|identity|principal|session|is_?auth\w*|authorization|credentials|cookies?|claims|jwt|token|admin|is_?admin|uid|logged_?in|api_?key)$/i
export const requestLike =
  /^(?:_?req(?:uest)?|ctx|context|c|g|locals|state|event|info|self|this|socket|auth|supabase|flask\.g)$/i
export const identityParameter =
  /^(?:current_?(?:user|admin|account|member)|user|account|principal|auth|claims|token_?data|identity|admin|me|viewer|actor|requester|caller)$/i
export const identityText =
  /^(?:authorization|x-(?:api|auth|admin|access|internal|cron|hub|webhook|signature|token|user|secret|service)[-\w]*|api[-_]?key|[-\w]*-signature|bearer\b.*|(?:admin|api|access|auth|cron|secret|webhook|internal|service|bearer)_?(?:token|key|secret|password)\w*)$/i
/** Cookies that say who it is. */
export const identityCookie = /sess|auth|token|user|(?:^|[._-])u?sid|jwt|log_?in|remember|access|account/i
/** Secrets kept with a record: whoever knows one may change it. */
export const recordSecret =
  /^(?:key|secret|token|pin|code|password\w*|passcode|hash|(?:key|token|password|secret|pin)_?(?:digest|hash)|\w*(?:edit|admin|owner|manage|access|delete|host|creator)_?(?:key|token|code|secret|pin)\w*)$/i
export const checksPassword =
  /check_?password|verify_?password|password_?verify|compare_?password|^compare(?:Sync)?$|^checkpw$|^verify_hash$/i
/** Names of secrets in the environment. */
export const secretName = /token|secret|api_?key|password|admin_?key|signing|_key$/i

/** Routes that have to be open, by path or name of the function. */
export const openRoute =
  /log_?-?in|log_?-?out|sign_?-?(?:in|up|out|off)|registr|register|forg[eo]t|reset|verif|confirm|activat|refresh|webhook|hook(?:s|$|\/)|callback|oauth|sso|saml|oidc|openid|health|ping|status|ready|metrics|heartbeat|contact|newsletter|subscri|feedback|csp|report-|track|analytics|telemetry|beacon|public|guest|otp|2fa|mfa|token|session|auth(?!or)|captcha|invite|invitation|accept|unsubscribe|demo|preview|search|graphql|rpc|echo|consent|cookie|locale|language|theme|set-?up|onboard|password/i

const changing =
  /^(?:delete|remove|destroy|drop|update|save|create|insert|add|set|put|patch|push|append|extend|write|unlink|rm|rename|store|commit|upsert|replace|increment|decrement|send|transfer|pay|charge|refund|approve|reject|cancel|ban|unban|block|promote|demote|grant|revoke|assign|move|merge|publish|unpublish|upload|import|toggle|mark|enable|disable|post|bulk|apply|close|archive|restore|clear|empty|purge|flush|pop|deposit|withdraw|change|edit|modify|enqueue|dispatch|trigger|start|stop|restart|deploy|copy|make|register|mutate|finalize|complete|award|ship|withdraw|persist|record|hset|lpush|rpush|sadd|zadd|incr|decr|expire)(?=$|[A-Z_\d])/
export const changesByName = (name: string): boolean => changing.test(name.replace(/^_+|\$/g, ''))
/** Receivers whose methods change the answer, the session or a log, not data. */
export const harmlessReceiver =
  /^(?:res|resp|response|reply|ctx|c|rsp|headers|log|logger|logging|console|print|errors?|messages|flash|session|cookies|cookieStore|cookie_store|window|document|params|searchParams|formData|form|app|router|Object|Array|Promise|Math|JSON|path|os\.path|controller|validator|schema|z|hash|hmac|cipher|router|span|tracer|metrics|stats)$/
/** Calls that only read, convert, answer or refuse. */
export const harmlessCall =
  /^(?:get|find|fetch|list|read|load|query|select|count|filter|first|one|all|exists|has|is|check|validate|parse|format|to|str|int|float|bool|len|String|Number|Boolean|Date|json|jsonify|status|sendStatus|send|end|redirect|render|flash|url_for|Response|NextResponse|HttpResponse|HTTPException|Error|abort|throw|print|info|warn|warning|error|debug|next|map|join|split|trim|strip|lower|upper|encode|decode|verify|compare|auth|getServerSession|cookies|headers|open|request|not|isinstance|super|dict|list|set|tuple|sorted|min|max|sum|range|enumerate|zip)(?=$|[A-Z_\d])|Response(?:Redirect|Forbidden|NotFound|BadRequest|NotAllowed)?$|Error$|Exception$|Depends$/
/** Calls that never return, by name, when nothing more is known. */
export const endingCall = /^(?:abort|notFound|unauthorized|forbidden|permanentRedirect|throwError|exit|_exit)$/
