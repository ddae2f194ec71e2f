export interface AuditTables {
  audit_entries: {
    id: string
    workspace_id: string
    at: Date
    actor: string
    action: string
    subject: string
    outcome: string
    address: string | null
  }
}
