export { type Defect, defects } from './defects.ts'
export * from './finding.ts'
