import { browser } from './browser.ts'
import { cryptography } from './cryptography.ts'
import { django } from './django.ts'
import { express } from './express.ts'
import { fastapi } from './fastapi.ts'
import { flask } from './flask.ts'
import { javascriptData } from './javascript-data.ts'
import { javascriptLanguage } from './javascript-language.ts'
import { type Lookup, lookupOf } from './lookup.ts'
import { nodeFrameworks } from './node-frameworks.ts'
import { pythonData } from './python-data.ts'
import { pythonLanguage } from './python-language.ts'

export const pythonModels: Lookup = lookupOf([pythonLanguage, pythonData, flask, fastapi, django, ...cryptography])
export const javascriptModels: Lookup = lookupOf([javascriptLanguage, javascriptData, browser, express, nodeFrameworks, ...cryptography])
