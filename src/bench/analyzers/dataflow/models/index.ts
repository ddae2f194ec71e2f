import { browser } from './browser.ts'
import { javascriptCookies, pythonCookies } from './cookies.ts'
import { javascriptCors, pythonCors } from './cors.ts'
import { cryptography } from './cryptography.ts'
import { javascriptDebugging, pythonDebugging } from './debugging.ts'
import { django } from './django.ts'
import { errorDetail } from './error-detail.ts'
import { express } from './express.ts'
import { fastapi } from './fastapi.ts'
import { pythonFields, scriptFields } from './fields.ts'
import { flask } from './flask.ts'
import { javascriptForgery, pythonForgery } from './forgery.ts'
import { httpServer } from './http-server.ts'
import { javascriptData } from './javascript-data.ts'
import { javascriptLanguage } from './javascript-language.ts'
import { keys } from './keys.ts'
import { type Lookup, lookupOf } from './lookup.ts'
import { nodeFrameworks } from './node-frameworks.ts'
import { pythonData } from './python-data.ts'
import { pythonLanguage } from './python-language.ts'
import { pythonRouters, scriptRouters } from './routers.ts'
import { sessionData } from './session-data.ts'
import { settings } from './settings.ts'
import { settledModel } from './settled.ts'
import { javascriptTokens, pythonTokens } from './tokens.ts'
import { javascriptTransport, pythonTransport } from './transport.ts'
import { pythonUploads, scriptUploads } from './uploads.ts'
import { webStorage } from './web-storage.ts'

export const pythonModels: Lookup = lookupOf([
  pythonLanguage,
  pythonData,
  flask,
  fastapi,
  django,
  pythonRouters,
  pythonFields,
  pythonUploads,
  httpServer,
  sessionData,
  errorDetail,
  settledModel,
  pythonTransport,
  pythonForgery,
  pythonCors,
  pythonDebugging,
  settings,
  pythonCookies,
  pythonTokens,
  ...cryptography,
])
export const javascriptModels: Lookup = lookupOf([
  javascriptLanguage,
  javascriptData,
  browser,
  express,
  nodeFrameworks,
  scriptRouters,
  scriptFields,
  scriptUploads,
  sessionData,
  keys,
  errorDetail,
  settledModel,
  javascriptTransport,
  javascriptForgery,
  javascriptCors,
  javascriptDebugging,
  javascriptCookies,
  javascriptTokens,
  webStorage,
  ...cryptography,
])
