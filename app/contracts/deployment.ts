import {
  cronQuerySchema,
  documentSchema,
  drainedSchema,
  healthQuerySchema,
  healthSchema,
} from '#app/api/schemas/jobs.ts'
import type { Contracts } from './contract.ts'

export const deployment = {
  'GET /api/cron/sync': {
    id: 'scheduledSync',
    does: 'The scheduled call (H7): looks for invoices in every organisation and runs jobs; the next call carries on.',
    access: 'cron-secret',
    query: cronQuerySchema,
    reply: drainedSchema,
  },
  'GET /api/health': {
    id: 'health',
    does: 'Whether the environment is complete, the database is at this version, and scheduled work goes on; within 3 seconds.',
    access: 'open',
    query: healthQuerySchema,
    reply: healthSchema,
  },
  'GET /api/metrics': {
    id: 'metrics',
    does: 'The deployment’s figures for Prometheus.',
    access: 'metrics-token',
    reply: 'text',
  },
  'GET /api/docs': {
    id: 'docs',
    does: 'Leads to the page that shows this document, with an example of each call.',
    access: 'open',
    reply: 'redirect',
  },
  'GET /api/openapi.json': {
    id: 'openApi',
    does: 'This document.',
    access: 'open',
    reply: documentSchema,
  },
} as const satisfies Contracts
