import type { Defect, Rule } from '#bench/findings'

/** Every rule of the analyzer: kebab-case, one per weakness. */
export type RuleId =
  | 'sql-injection'
  | 'nosql-injection'
  | 'command-injection'
  | 'argument-injection'
  | 'code-injection'
  | 'template-injection'
  | 'cross-site-scripting'
  | 'path-traversal'
  | 'open-redirect'
  | 'server-side-request-forgery'
  | 'ldap-injection'
  | 'xpath-injection'
  | 'xml-external-entities'
  | 'unsafe-deserialisation'
  | 'header-injection'
  | 'log-injection'
  | 'prototype-pollution'
  | 'mass-assignment'
  | 'regex-denial-of-service'
  | 'unrestricted-upload'
  | 'trust-boundary'

type Row = readonly [
  id: RuleId,
  title: string,
  severity: Rule['severity'],
  cwe: readonly number[],
  defect: Defect | undefined,
  why: string,
  fix: string,
]

const rows: readonly Row[] = [
  [
    'sql-injection',
    'Outside text in an SQL statement',
    'critical',
    [89],
    'sql-injection',
    'A value that holds SQL changes the statement: attackers read, change or delete any row.',
    'Pass values as parameters of the query; choose table and column names from a fixed list.',
  ],
  [
    'nosql-injection',
    'Outside objects in a database query',
    'high',
    [943],
    'nosql-injection',
    'Where an object with operators such as `$ne` arrives instead of text, the query matches what it should not.',
    'Convert the value to text or a number first, or validate the request with a schema.',
  ],
  [
    'command-injection',
    'Outside text in a shell command',
    'critical',
    [78],
    'command-injection',
    'A value with `;` or `$( )` runs further commands with the rights of the server.',
    'Pass program and arguments as a list without a shell.',
  ],
  [
    'argument-injection',
    'Outside text chooses the program that runs',
    'high',
    [88, 78],
    'command-injection',
    'Whoever names the program or its first option decides what the server executes.',
    'Choose the program from a fixed list, and put `--` before values from outside.',
  ],
  [
    'code-injection',
    'Outside text evaluated as code',
    'critical',
    [95, 94],
    'code-injection',
    'Whoever controls the text runs their own code with the rights of the program.',
    'Parse the input instead: ast.literal_eval or json.loads in Python, JSON.parse in JavaScript.',
  ],
  [
    'template-injection',
    'Outside text compiled as a template',
    'critical',
    [1336],
    'template-injection',
    'Template expressions in the text are evaluated on the server, up to running commands.',
    'Keep the template constant and pass the value as a variable of the template.',
  ],
  [
    'cross-site-scripting',
    'Outside text in a page without escaping',
    'high',
    [79],
    'xss',
    'Script in the text runs in the browser of whoever opens the page, with their session.',
    'Render it through a template that escapes, or escape it for HTML first.',
  ],
  [
    'path-traversal',
    'Outside text in a file path',
    'high',
    [22],
    'path-traversal',
    'A value such as `../../etc/passwd` reads or writes files outside the folder meant.',
    'Resolve the path and check that it is inside the folder, or use only the last part of the name.',
  ],
  [
    'open-redirect',
    'Redirect to an address from outside',
    'medium',
    [601],
    'open-redirect',
    'A link to this site sends people to a site of the attacker, with the trust of this one.',
    'Redirect only to paths of this site or to addresses from a fixed list.',
  ],
  [
    'server-side-request-forgery',
    'Request to an address from outside',
    'high',
    [918],
    'ssrf',
    'The server fetches what the attacker names: internal services, cloud metadata, files.',
    'Fetch only hosts from a fixed list, with the scheme and the host set by the program.',
  ],
  [
    'ldap-injection',
    'Outside text in an LDAP filter',
    'high',
    [90],
    'ldap-injection',
    'Parentheses and stars in the value change the filter: people sign in as others or list the directory.',
    'Escape the value for filters (ldap3.utils.conv.escape_filter_chars, ldap.filter.escape_filter_chars).',
  ],
  [
    'xpath-injection',
    'Outside text in an XPath expression',
    'high',
    [643],
    'xpath-injection',
    'Quotes in the value change the expression: it selects what it should not.',
    'Pass the value as an XPath variable.',
  ],
  [
    'xml-external-entities',
    'Outside XML parsed with external entities',
    'high',
    [611],
    'xxe',
    'Entities in the document read files of the server or make it call other machines.',
    'Parse with defusedxml, or with entity resolution switched off.',
  ],
  [
    'unsafe-deserialisation',
    'Outside data deserialised into objects',
    'critical',
    [502],
    'insecure-deserialization',
    'These formats can hold code that runs while they are read.',
    'Use JSON, or yaml.safe_load; if pickles must be read, verify a signature first.',
  ],
  [
    'header-injection',
    'Outside text in a response header',
    'medium',
    [113],
    'header-injection',
    'Line breaks in the value add headers or a second response.',
    'Remove `\\r` and `\\n` from the value, or use only values from a fixed list.',
  ],
  [
    'log-injection',
    'Outside text in the log as it came',
    'low',
    [117],
    'log-injection',
    'Line breaks in the value forge lines of the log.',
    'Remove line breaks from the value, or log it as structured data.',
  ],
  [
    'prototype-pollution',
    'Outside text chooses a property that is written',
    'high',
    [1321],
    'prototype-pollution',
    'A key such as `__proto__` changes every object of the program.',
    'Refuse `__proto__`, `constructor` and `prototype`, or use a Map.',
  ],
  [
    'mass-assignment',
    'Request fields written to a record as they came',
    'medium',
    [915],
    'mass-assignment',
    'Senders set fields that were not meant for them, such as a role or an owner.',
    'Copy the fields that may be set one by one.',
  ],
  [
    'regex-denial-of-service',
    'Outside text compiled as a regular expression',
    'medium',
    [1333],
    'redos',
    'A pattern with nested repetition blocks the program for minutes.',
    'Escape the text (re.escape), or search for it as plain text.',
  ],
  [
    'unrestricted-upload',
    'Upload saved under the name it came with',
    'high',
    [434],
    'unrestricted-upload',
    'Files with the ending of a program or a page are executed or served later.',
    'Check the ending against a fixed list and save under a name of your own.',
  ],
  [
    'trust-boundary',
    'Outside text stored as trusted session data',
    'medium',
    [501],
    undefined,
    'Code that reads the session trusts what it finds there.',
    'Validate the value before it is stored.',
  ],
]

export const rules: ReadonlyMap<string, Rule> = new Map(
  rows.map(([id, title, severity, cwe, defect, why, fix]) => [
    id,
    {
      id,
      title,
      category: 'security',
      severity,
      confidence: 'high',
      cwe,
      why,
      fix,
      ...(defect !== undefined && { defect }),
    },
  ]),
)
