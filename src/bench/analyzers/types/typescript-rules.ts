import type { Entry } from './python-rules.ts'

// biome-ignore-start format: one row per rule
const mayBeMissing: Entry = [
  'Value that may be missing',
  'low',
  'medium',
  'When there is none the line throws `TypeError`.',
  'Check for it first.',
  'type-error',
]
const notExported: Entry = [
  'Import of a name the module does not export',
  'high',
  'high',
  'The program fails to build, or the name is `undefined`.',
  'Correct the name, or export it.',
  'unresolved-import',
]
const undefinedName: Entry = [
  'Undefined name',
  'high',
  'high',
  'The line throws `ReferenceError` when it runs.',
  'Import or declare the name, or correct its spelling.',
  'undefined-name',
]
const noProperty: Entry = [
  'Property that does not exist',
  'medium',
  'medium',
  'It is `undefined` when it is read; a call of it throws `TypeError`.',
  'Correct the name, or the type.',
  'type-error',
]
const wrongCount: Entry = [
  'Call with the wrong number of arguments',
  'medium',
  'high',
  'Parameters that are not passed are `undefined`; superfluous arguments are ignored.',
  'Pass the arguments the function takes.',
  'type-error',
]
const missingProperty: Entry = [
  'Required property missing',
  'medium',
  'medium',
  'It is `undefined` where it is needed.',
  'Pass it, or make it optional.',
  'type-error',
]
const mismatch: Entry = [
  'Value that does not fit its type',
  'low',
  'medium',
  'The code that reads it expects something else; `tsc` refuses to build.',
  'Correct the value or the type.',
  'type-error',
]
const declaredTwice: Entry = [
  'Name declared twice',
  'high',
  'high',
  'The program does not build.',
  'Rename or remove one of them.',
  'redefined-unused',
]
const alwaysTrue: Entry = [
  'Condition always true',
  'high',
  'high',
  'A promise or function is tested instead of its result: the check lets everything through.',
  'Write `await`, or call the function.',
  'missing-await',
]
// biome-ignore-end format: one row per rule

/**
 * Checks of TypeScript that mean something although the app's dependencies are not installed. Left out: missing modules
 * and types of packages (other analyzers judge those), implicit `any` that follows from them, and syntax errors.
 */
// biome-ignore format: one row per rule
export const typescriptRules: Readonly<Record<string, Entry>> = {
  TS2304: undefinedName,
  TS2552: undefinedName,
  TS2305: notExported,
  TS2614: notExported,
  TS2724: notExported,
  TS2459: notExported,
  TS1192: ['Default import of a module without one', 'high', 'high', 'The program fails to build, or the name is `undefined`.', 'Import the name it exports, or add the default export.', 'unresolved-import'],
  TS2339: noProperty,
  TS2551: noProperty,
  TS2345: ['Argument of the wrong type', 'low', 'medium', 'The function gets a value it is not made for; `tsc` refuses to build.', 'Convert or check the value before.', 'type-error'],
  TS2769: ['Call that fits no signature', 'low', 'medium', 'The function gets values it is not made for; `tsc` refuses to build.', 'Pass what one of the signatures takes.', 'type-error'],
  TS2554: wrongCount,
  TS2555: wrongCount,
  TS2322: mismatch,
  TS2353: mismatch,
  TS2416: mismatch,
  TS2739: missingProperty,
  TS2740: missingProperty,
  TS2741: missingProperty,
  TS2349: ['Call of something that is no function', 'high', 'high', 'The line throws `TypeError` when it runs.', 'Call the function that was meant.', 'type-error'],
  TS2351: ['`new` on something that is no class', 'high', 'high', 'The line throws `TypeError` when it runs.', 'Use the class that was meant.', 'type-error'],
  TS2362: ['Arithmetic on something that is no number', 'medium', 'high', 'The result is `NaN` or a string.', 'Convert it to a number.', 'type-error'],
  TS2363: ['Arithmetic on something that is no number', 'medium', 'high', 'The result is `NaN` or a string.', 'Convert it to a number.', 'type-error'],
  TS2365: ['Operator between types that do not fit', 'medium', 'high', 'The result is not what the code expects.', 'Convert one of the values.', 'type-error'],
  TS2367: ['Comparison that can never be true', 'medium', 'high', 'The two types have no value in common: the branch never runs.', 'Compare with the right value.', 'constant-condition'],
  TS2448: ['Variable used before its declaration', 'high', 'high', 'The line throws `ReferenceError` when it runs.', 'Declare it first.', 'undefined-name'],
  TS2454: ['Variable used before it is assigned', 'medium', 'medium', 'It is `undefined` on some path.', 'Assign it on every path.', 'undefined-name'],
  TS2531: mayBeMissing,
  TS2532: mayBeMissing,
  TS2533: mayBeMissing,
  TS18047: mayBeMissing,
  TS18048: mayBeMissing,
  TS18049: mayBeMissing,
  TS18046: ['Value of unknown type used', 'info', 'medium', 'A caught value need not be an `Error`: its `message` may be `undefined`.', 'Check with `instanceof Error`.', 'type-error'],
  TS2588: ['Constant assigned again', 'high', 'high', 'The line throws `TypeError` when it runs.', 'Declare the variable with `let`.', 'type-error'],
  TS2300: declaredTwice,
  TS2393: declaredTwice,
  TS2451: declaredTwice,
  TS2774: alwaysTrue,
  TS2801: alwaysTrue,
  TS1117: ['Key repeated in an object', 'medium', 'high', 'Only the last value counts; the earlier one is silently lost.', 'Remove the duplicate, or correct the key.', 'duplicate-key'],
  TS2420: ['Class that does not implement its interface', 'medium', 'medium', 'Members others rely on are missing.', 'Implement them.', 'type-error'],
  TS2515: ['Abstract member not implemented', 'high', 'high', 'A call of it fails.', 'Implement it.', 'type-error'],
  TS2540: ['Read-only property assigned', 'low', 'medium', 'Who declared it relies on it never changing.', 'Copy the object with the new value.', 'type-error'],
}
