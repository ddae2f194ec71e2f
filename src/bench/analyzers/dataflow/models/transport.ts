import { hostKeyChecks, pythonContexts, scriptTransport, tlsOptions, unverifiedByDefault } from '../checks/transport.ts'
import type { Model } from './model.ts'

const message = 'The certificate of the other side is not checked.'
const rule = 'tls-verification-disabled' as const

/**
 * Connections whose other side is not checked. Sources: requests.readthedocs.io (SSL Cert Verification),
 * www.python-httpx.org (SSL), docs.aiohttp.org (Client, ssl), urllib3.readthedocs.io, docs.python.org (ssl, smtplib),
 * docs.paramiko.org (client), www.python-ldap.org, ldap3.readthedocs.io (Tls), pymongo.readthedocs.io (TLS).
 */
export const pythonTransport: Model = {
  checks: [
    { names: ['*'], rule, judge: tlsOptions, message },
    { names: ['ssl._create_unverified_context', 'ssl._create_stdlib_context'], rule, message },
    {
      names: [
        'smtplib.SMTP_SSL',
        'smtplib.SMTP().starttls',
        'imaplib.IMAP4_SSL',
        'poplib.POP3_SSL',
        'ftplib.FTP_TLS',
        'ldap3.Tls',
        'ssl.wrap_socket',
      ],
      rule,
      judge: unverifiedByDefault,
      message: 'Without a context of its own this connection accepts every certificate.',
      confidence: 'low',
      fix: 'Pass context=ssl.create_default_context().',
    },
    {
      names: ['*.set_missing_host_key_policy'],
      rule,
      judge: hostKeyChecks,
      message: 'The key of an unknown host is accepted unseen.',
      fix: 'Load the known hosts and refuse others with RejectPolicy.',
    },
    {
      names: ['ldap.set_option', '*.set_option'],
      rule,
      when: [
        { argument: 0, matches: /OPT_X_TLS_REQUIRE_CERT$/ },
        { argument: 1, matches: /OPT_X_TLS_(?:NEVER|ALLOW)$/ },
      ],
      message,
    },
    {
      names: ['*.setopt'],
      rule,
      when: [
        { argument: 0, matches: /\bSSL_VERIFY(?:PEER|HOST)$/ },
        { argument: 1, is: [0, false] },
      ],
      message,
    },
  ],
  observers: [pythonContexts],
}

/**
 * Sources: nodejs.org/api/tls.html (rejectUnauthorized, checkServerIdentity), nodejs.org/api/cli.html
 * (NODE_TLS_REJECT_UNAUTHORIZED), node-postgres.com (ssl), github.com/sidorares/node-mysql2, nodemailer.com (tls).
 */
export const javascriptTransport: Model = { observers: [scriptTransport] }
