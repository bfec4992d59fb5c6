import { auditQuerySchema, auditSchema } from '#app/api/schemas/audit.ts'
import { fileQuery } from '#app/api/schemas/file-query.ts'
import type { Contracts } from './contract.ts'

export const audit = {
  'GET /api/audit': {
    id: 'audit',
    does: 'What people changed, the newest first.',
    access: 'audit.read',
    query: auditQuerySchema,
    reply: auditSchema,
  },
  'GET /api/audit/csv': {
    id: 'auditCsv',
    does: 'All of what people changed that fits, as CSV.',
    access: 'audit.read',
    query: fileQuery(auditQuerySchema),
    reply: 'csv',
  },
} as const satisfies Contracts
