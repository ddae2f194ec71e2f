/**
 * Names of the weaknesses the analyzers report most, as the CWE list 4.18 (cwe.mitre.org) and the OWASP Top 10:2025
 * (owasp.org/Top10/2025) give them. A number that is not here is shown as a number; the link has the rest.
 */
const cweNames: Readonly<Record<number, string>> = {
  16: 'Configuration',
  20: 'Improper Input Validation',
  22: 'Path Traversal',
  73: 'External Control of File Name or Path',
  77: 'Command Injection',
  78: 'OS Command Injection',
  79: 'Cross-site Scripting',
  89: 'SQL Injection',
  90: 'LDAP Injection',
  91: 'XML Injection',
  94: 'Code Injection',
  95: 'Eval Injection',
  116: 'Improper Encoding or Escaping of Output',
  117: 'Improper Output Neutralization for Logs',
  200: 'Exposure of Sensitive Information',
  209: 'Sensitive Information in Error Messages',
  250: 'Execution with Unnecessary Privileges',
  256: 'Plaintext Storage of a Password',
  259: 'Use of Hard-coded Password',
  269: 'Improper Privilege Management',
  276: 'Incorrect Default Permissions',
  284: 'Improper Access Control',
  285: 'Improper Authorization',
  287: 'Improper Authentication',
  295: 'Improper Certificate Validation',
  306: 'Missing Authentication for Critical Function',
  307: 'Unlimited Authentication Attempts',
  311: 'Missing Encryption of Sensitive Data',
  312: 'Cleartext Storage of Sensitive Information',
  319: 'Cleartext Transmission of Sensitive Information',
  321: 'Use of Hard-coded Cryptographic Key',
  326: 'Inadequate Encryption Strength',
  327: 'Broken or Risky Cryptographic Algorithm',
  328: 'Use of Weak Hash',
  330: 'Insufficiently Random Values',
  338: 'Cryptographically Weak Random Numbers',
  345: 'Insufficient Verification of Data Authenticity',
  346: 'Origin Validation Error',
  347: 'Improper Verification of Cryptographic Signature',
  352: 'Cross-Site Request Forgery',
  377: 'Insecure Temporary File',
  390: 'Error Condition Without Action',
  391: 'Unchecked Error Condition',
  396: 'Catch of Generic Exception',
  400: 'Uncontrolled Resource Consumption',
  434: 'Unrestricted Upload of Dangerous File',
  470: 'Unsafe Reflection',
  477: 'Use of Obsolete Function',
  489: 'Active Debug Code',
  494: 'Download of Code Without Integrity Check',
  502: 'Deserialization of Untrusted Data',
  521: 'Weak Password Requirements',
  522: 'Insufficiently Protected Credentials',
  532: 'Sensitive Information in Log File',
  538: 'Sensitive Information in Externally-Accessible File',
  546: 'Suspicious Comment',
  547: 'Hard-coded, Security-relevant Constants',
  561: 'Dead Code',
  601: 'Open Redirect',
  605: 'Multiple Binds to the Same Port',
  611: 'XML External Entity Reference',
  614: 'Sensitive Cookie Without Secure Attribute',
  639: 'Authorization Bypass Through User-Controlled Key',
  643: 'XPath Injection',
  668: 'Exposure of Resource to Wrong Sphere',
  693: 'Protection Mechanism Failure',
  703: 'Improper Handling of Exceptional Conditions',
  710: 'Improper Adherence to Coding Standards',
  732: 'Incorrect Permission Assignment',
  755: 'Improper Handling of Exceptional Conditions',
  759: 'One-Way Hash without a Salt',
  776: 'XML Entity Expansion',
  798: 'Use of Hard-coded Credentials',
  829: 'Functionality from Untrusted Control Sphere',
  862: 'Missing Authorization',
  863: 'Incorrect Authorization',
  915: 'Mass Assignment',
  916: 'Password Hash With Insufficient Effort',
  918: 'Server-Side Request Forgery',
  937: 'Components with Known Vulnerabilities',
  942: 'Permissive Cross-domain Policy',
  943: 'NoSQL Injection',
  1004: 'Sensitive Cookie Without HttpOnly',
  1021: 'Clickjacking',
  1059: 'Insufficient Technical Documentation',
  1104: 'Use of Unmaintained Components',
  1188: 'Insecure Default Initialization',
  1275: 'Sensitive Cookie with Improper SameSite',
  1321: 'Prototype Pollution',
  1333: 'Inefficient Regular Expression',
  1336: 'Template Engine Injection',
  1357: 'Reliance on Insufficiently Trustworthy Component',
  1395: 'Dependency on Vulnerable Third-Party Component',
}

const owaspNames: Readonly<Record<string, string>> = {
  A01: 'Broken Access Control',
  A02: 'Security Misconfiguration',
  A03: 'Software Supply Chain Failures',
  A04: 'Cryptographic Failures',
  A05: 'Injection',
  A06: 'Insecure Design',
  A07: 'Authentication Failures',
  A08: 'Software or Data Integrity Failures',
  A09: 'Security Logging and Alerting Failures',
  A10: 'Mishandling of Exceptional Conditions',
}

export interface Weakness {
  readonly id: string
  readonly name: string | undefined
  readonly url: string
}

export const cweOf = (number: number): Weakness => ({
  id: `CWE-${number}`,
  name: cweNames[number],
  url: `https://cwe.mitre.org/data/definitions/${number}.html`,
})

/** Takes `A05:2025`. */
export const owaspOf = (category: string): Weakness => {
  const name = owaspNames[category.slice(0, 3)]
  return {
    id: category,
    name,
    url: name
      ? `https://owasp.org/Top10/2025/${category.replace(':', '_')}-${name.replaceAll(' ', '_')}/`
      : 'https://owasp.org/Top10/',
  }
}
