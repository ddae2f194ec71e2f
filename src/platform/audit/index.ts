export { type Audit, type NewAuditEntry, openAudit } from './audit.ts'
export { auditMigrations } from './migrations.ts'
export { type AuditEntry, auditEntrySchema } from './resources.ts'
export { auditRoutes } from './routes.ts'
