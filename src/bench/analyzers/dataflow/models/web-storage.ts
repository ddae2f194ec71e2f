import { storedMessage, storedToken, storedTokens } from '../checks/web-storage.ts'
import type { Model } from './model.ts'

const storages = ['localStorage', 'sessionStorage'].flatMap((name) =>
  ['', 'window.', 'globalThis.', 'self.'].map((before) => before + name),
)

/**
 * Tokens in the storage of the browser. Sources: html.spec.whatwg.org (the Storage interface), the HTML5 Security Cheat
 * Sheet of OWASP (Local Storage).
 */
export const webStorage: Model = {
  checks: [
    {
      names: storages.map((name) => `${name}.setItem`),
      rule: 'token-in-web-storage',
      judge: storedToken,
      message: storedMessage,
      confidence: 'medium',
    },
  ],
  observers: [storedTokens],
}
