/** A chapter of the OWASP Application Security Verification Standard 5.0.0 (May 2025). */
export interface AsvsChapter {
  /** `V1` to `V17`. */
  readonly id: string
  readonly name: string
  /** CWE numbers whose weakness the requirements of the chapter forbid. */
  readonly cwe: readonly number[]
}

/**
 * The chapters of ASVS 5.0.0 (https://owasp.org/www-project-application-security-verification-standard/) with the weaknesses that
 * break their requirements. ASVS 5 maps no CWEs itself; each stands in the chapter whose requirement names it: SSRF in V1 (1.3.6),
 * mass assignment and prototype pollution in V15 (15.3), password storage in V11 (11.4.2), log injection in V16 (16.4.1), constant
 * time in V11 (11.2.4).
 */
export const asvsChapters: readonly AsvsChapter[] = [
  {
    id: 'V1',
    name: 'Encoding and Sanitization',
    cwe: [20, 74, 77, 78, 79, 80, 89, 90, 91, 94, 95, 113, 116, 643, 611, 502, 776, 917, 918, 943, 1333, 1336],
  },
  { id: 'V2', name: 'Validation and Business Logic', cwe: [501, 770, 799, 400, 837, 840] },
  { id: 'V3', name: 'Web Frontend Security', cwe: [346, 352, 601, 614, 942, 1004, 1021, 1022, 1275, 693] },
  { id: 'V4', name: 'API and Web Service', cwe: [444, 436, 650] },
  { id: 'V5', name: 'File Handling', cwe: [22, 23, 36, 59, 73, 409, 434, 548, 552] },
  { id: 'V6', name: 'Authentication', cwe: [287, 288, 304, 307, 521, 640, 620] },
  { id: 'V7', name: 'Session Management', cwe: [384, 613, 539] },
  { id: 'V8', name: 'Authorization', cwe: [284, 285, 306, 425, 639, 732, 862, 863] },
  { id: 'V9', name: 'Self-contained Tokens', cwe: [345, 347] },
  { id: 'V10', name: 'OAuth and OIDC', cwe: [] },
  { id: 'V11', name: 'Cryptography', cwe: [208, 321, 323, 326, 327, 328, 329, 330, 331, 335, 338, 759, 760, 780, 916] },
  { id: 'V12', name: 'Secure Communication', cwe: [295, 297, 319, 757] },
  { id: 'V13', name: 'Configuration', cwe: [15, 16, 250, 259, 489, 538, 605, 668, 798, 1188, 1391, 260, 256, 540] },
  { id: 'V14', name: 'Data Protection', cwe: [200, 312, 359, 524, 525, 922] },
  {
    id: 'V15',
    name: 'Secure Coding and Architecture',
    cwe: [362, 367, 561, 829, 915, 937, 1035, 1104, 1321, 1357, 1395],
  },
  { id: 'V16', name: 'Security Logging and Error Handling', cwe: [117, 209, 210, 215, 390, 391, 532, 703, 755, 778] },
  { id: 'V17', name: 'WebRTC', cwe: [] },
]
