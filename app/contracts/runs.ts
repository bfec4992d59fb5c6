import { z } from 'zod'
import { confirmInputSchema } from '#app/api/schemas/answers.ts'
import { costOptional } from '#app/api/schemas/cost-optional.ts'
import { fileQuery } from '#app/api/schemas/file-query.ts'
import { startedRunSchema, stoppedRunSchema } from '#app/api/schemas/jobs.ts'
import {
  foundRunsSchema,
  runAgreementSchema,
  runQuerySchema,
  runSchema,
  runSearchSchema,
  runsQuerySchema,
  runsSchema,
  undoInputSchema,
} from '#app/api/schemas/runs.ts'
import { undoPreviewSchema } from '#lib/billing/plan-money.ts'
import type { Contracts } from './contract.ts'
import { record, uuid } from './in-path.ts'

export const runs = {
  'GET /api/runs': {
    id: 'runs',
    does: 'A page of the syncs, the newest first.',
    access: 'runs.read',
    query: runsQuerySchema,
    reply: runsSchema,
  },
  'GET /api/runs/{id}': {
    id: 'run',
    does: 'A sync: its progress, its customers with their subscriptions and changes, or its products.',
    access: 'runs.read',
    path: { id: uuid },
    query: runQuerySchema,
    reply: runSchema,
  },
  'GET /api/runs/{id}/csv': {
    id: 'runCsv',
    does: 'Each subscription and month of a sync, or each of its products, as CSV: invoiced, billed, what was written and what is wrong (G3).',
    access: 'runs.read',
    path: { id: uuid },
    query: fileQuery(z.object({})),
    reply: 'csv',
  },
  'GET /api/runs/found': {
    id: 'foundInRuns',
    does: 'Agreements of syncs in which each word is found: customers, subscription ids, SKUs, messages; the newest first (G2).',
    access: 'runs.read',
    query: runSearchSchema,
    reply: foundRunsSchema,
  },
  'GET /api/runs/found/csv': {
    id: 'foundInRunsCsv',
    does: 'The same, the newest 1,000, as CSV.',
    access: 'runs.read',
    query: fileQuery(runSearchSchema),
    reply: 'csv',
  },
  'GET /api/runs/csv': {
    id: 'runsCsv',
    does: 'The newest 1,000 syncs with what came of each, as CSV (G2).',
    access: 'runs.read',
    query: fileQuery(runsQuerySchema),
    reply: 'csv',
  },
  'GET /api/runs/{id}/agreements/{agreementId}': {
    id: 'runAgreement',
    does: 'One agreement of a sync, its subscriptions under their periods.',
    access: 'runs.read',
    path: { id: uuid, agreementId: record },
    reply: runAgreementSchema,
  },
  'GET /api/runs/{id}/agreements/{agreementId}/undo': {
    id: 'undoPreview',
    does: 'What taking a sync back on one agreement would write now, with what that changes of its bill; nothing is written (J2).',
    access: 'runs.undo',
    onScreen: 'agreement',
    path: { id: uuid, agreementId: record },
    reply: costOptional(undoPreviewSchema),
  },
  'POST /api/runs/{id}/undo': {
    id: 'undoRun',
    does: 'Takes a sync back (J2) on the agreements that the body names, or on all; their months are parked until they are released.',
    access: 'runs.undo',
    onScreen: 'run',
    path: { id: uuid },
    body: undoInputSchema,
    reply: startedRunSchema,
    status: 202,
  },
  'POST /api/runs/{id}/stop': {
    id: 'stopRun',
    does: 'Asks a sync to end after the write in flight (F16).',
    access: 'runs.stop',
    onScreen: 'run',
    path: { id: uuid },
    reply: stoppedRunSchema,
  },
  'POST /api/runs/{id}/confirm': {
    id: 'confirmWaiting',
    does: 'Says yes to what waits in a sync (F18), all of it or what the body names, and syncs the agreements concerned.',
    access: 'customers.sync',
    onScreen: 'run',
    path: { id: uuid },
    body: confirmInputSchema,
    reply: startedRunSchema,
    status: 202,
  },
} as const satisfies Contracts
