export { callTool } from './call.ts'
export * from './contract.ts'
