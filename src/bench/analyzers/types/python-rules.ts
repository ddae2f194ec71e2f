import type { Confidence, Defect, Severity } from '#bench/findings'

/** `[title, severity, confidence, why, fix, defect]` */
export type Entry = readonly [
  title: string,
  severity: Severity,
  confidence: Confidence,
  why: string,
  fix: string,
  defect?: Defect,
]

/**
 * Checks of pyright that mean something although the app's dependencies are not installed: what comes from a missing
 * package is unknown to pyright, and unknown things are never reported. Keys are pyright's own names.
 */
// biome-ignore format: one row per rule
export const pythonRules: Readonly<Record<string, Entry>> = {
  reportUndefinedVariable: ['Undefined name', 'high', 'high', 'The line raises `NameError` when it runs.', 'Import or define the name, or correct its spelling.', 'undefined-name'],
  reportUnboundVariable: ['Name without a value', 'high', 'high', 'The line raises `UnboundLocalError` when it runs.', 'Assign a value before.', 'undefined-name'],
  reportPossiblyUnboundVariable: ['Name that may not be assigned yet', 'low', 'medium', 'On a path that skips the assignment the line raises `UnboundLocalError`.', 'Assign a value on every path before.', 'undefined-name'],
  reportAttributeAccessIssue: ['Attribute that does not exist', 'medium', 'medium', 'The line raises `AttributeError` when it runs.', 'Correct the name, or define the attribute.', 'type-error'],
  reportCallIssue: ['Call with wrong arguments', 'medium', 'medium', 'The call raises `TypeError`.', 'Pass the arguments the function takes.', 'type-error'],
  reportArgumentType: ['Argument of the wrong type', 'low', 'medium', 'The function gets a value it is not made for, and may fail for it.', 'Convert or check the value before.', 'type-error'],
  reportIndexIssue: ['Index into something that has none', 'low', 'medium', 'The line raises `TypeError` when it runs.', 'Correct the type, or what is indexed.', 'type-error'],
  reportOperatorIssue: ['Operator between types that do not fit', 'low', 'medium', 'The line raises `TypeError` when it runs.', 'Convert one of the values.', 'type-error'],
  reportOptionalMemberAccess: ['Attribute of something that may be None', 'low', 'medium', 'When there is no value the line raises `AttributeError`.', 'Check for `None` first.', 'type-error'],
  reportOptionalSubscript: ['Index into something that may be None', 'low', 'medium', 'When there is no value the line raises `TypeError`.', 'Check for `None` first.', 'type-error'],
  reportOptionalIterable: ['Loop over something that may be None', 'low', 'medium', 'When there is no value the line raises `TypeError`.', 'Check for `None` first.', 'type-error'],
  reportOptionalCall: ['Call of something that may be None', 'low', 'medium', 'When there is no value the line raises `TypeError`.', 'Check for `None` first.', 'type-error'],
  reportOptionalOperand: ['Operator on something that may be None', 'low', 'medium', 'When there is no value the line raises `TypeError`.', 'Check for `None` first.', 'type-error'],
  reportOptionalContextManager: ['`with` on something that may be None', 'low', 'medium', 'When there is no value the line raises `TypeError`.', 'Check for `None` first.', 'type-error'],
  reportUnusedCoroutine: ['Coroutine never awaited', 'medium', 'high', 'The call does nothing: its body never runs.', 'Write `await` before it.', 'missing-await'],
  reportUnhashable: ['Unhashable key', 'high', 'high', 'The line raises `TypeError` when it runs.', 'Use a tuple, a string or a number as key.', 'type-error'],
  reportAbstractUsage: ['Abstract class instantiated', 'medium', 'medium', 'Creating the object raises `TypeError`.', 'Implement the abstract methods, or instantiate a subclass.', 'type-error'],
  reportRedeclaration: ['Definition overwritten by a later one', 'low', 'medium', 'The first definition can never be used.', 'Rename or remove one of them.', 'redefined-unused'],
  reportAssignmentType: ['Value that does not fit its annotation', 'info', 'medium', 'The annotation is wrong, or the value is: readers and tools are misled.', 'Correct the annotation or the value.', 'type-error'],
  reportReturnType: ['Result that does not fit its annotation', 'info', 'medium', 'Callers rely on the annotation and handle the wrong kind of value.', 'Correct the annotation or the result.', 'type-error'],
  reportTypedDictNotRequiredAccess: ['Key that may be missing', 'low', 'medium', 'Without the key the line raises `KeyError`.', 'Use `.get`, or check for the key.', 'type-error'],
}
