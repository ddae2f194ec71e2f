import { flask } from './flask.ts'
import { type Lookup, lookupOf } from './lookup.ts'
import { pythonData } from './python-data.ts'
import { pythonLanguage } from './python-language.ts'

export const pythonModels: Lookup = lookupOf([pythonLanguage, pythonData, flask])
export const javascriptModels: Lookup = lookupOf([])
