export { chooseRunner, type RunnerChoice, runners } from './choose.ts'
export * from './contract.ts'
export { SandboxEnded, SandboxRefused, SandboxUnavailable } from './errors.ts'
export { processRunner } from './process/runner.ts'
