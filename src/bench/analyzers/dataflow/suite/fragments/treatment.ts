import type { Scene, Treatment } from './sink.ts'

/** What a treatment needs to know of the scene around it. */
type Stage = Pick<Scene, 'use' | 'fill' | 'assign' | 'preparedName'>

/** The statements of a sink with a treatment between the variable `name` and them, without the answer. */
export function treated(stage: Stage, treatment: Treatment, name: string): string {
  const lines: string[] = []
  if (treatment.lines !== undefined) lines.push(stage.fill(treatment.lines, name))
  if (treatment.call !== undefined) {
    lines.push(stage.fill(treatment.call, name))
  } else if (treatment.value !== undefined) {
    const isName = /^\w+$/.test(treatment.value)
    const prepared = isName ? treatment.value : stage.preparedName
    if (!isName) lines.push(stage.assign(prepared, stage.fill(treatment.value, name)))
    lines.push(stage.use(prepared))
  } else {
    lines.push(stage.use(name))
  }
  return lines.join('\n')
}

/** The sink's statements on any expression, always behind the treatment. */
export function treatedUse(stage: Stage, treatment: Treatment, v: string): Scene['use'] {
  return (value) =>
    value === v
      ? treated(stage, treatment, v)
      : `${stage.assign('arrived', value)}\n${treated(stage, treatment, 'arrived')}`
}
