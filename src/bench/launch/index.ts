export * from './contract.ts'
export { type Outgoing, type Reachable, send } from './send.ts'
