export { type BrowserStage, browserChecks } from './browser-flow.ts'
export {
  type CheckKind,
  type CheckOrigin,
  type CheckResult,
  type PlannedCheck,
  runChecks,
  type Scene,
  type Verdict,
} from './check.ts'
export { type AccountRoutes, accountRoutes } from './derive/accounts.ts'
export { runDerivedChecks, signedInVisitor } from './derive/derive.ts'
export { InvalidSpec, type SpecProblem } from './errors.ts'
export { type BrowserFlow, type Flow, type Spec, specJsonSchema } from './format.ts'
export { parseSpec } from './parse.ts'
export { specChecks } from './spec-checks.ts'
