export { type Chromium, findChromium } from './chromium.ts'
export { BrowserUnavailable } from './errors.ts'
export { openBrowserFor } from './for-app.ts'
export { type BrowserRequest, openSandboxedBrowser, type SandboxedBrowser } from './open.ts'
