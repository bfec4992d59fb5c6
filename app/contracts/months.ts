import { fileQuery } from '#app/api/schemas/file-query.ts'
import {
  acceptedSchema,
  acceptInputSchema,
  closedSchema,
  closeInputSchema,
  monthListQuerySchema,
  monthQuerySchema,
  monthSchema,
  reopenInputSchema,
  takeBackInputSchema,
} from '#app/api/schemas/months.ts'
import {
  reconciliationListQuerySchema,
  reconciliationQuerySchema,
  reconciliationSchema,
} from '#app/api/schemas/reconciliation.ts'
import type { Contracts } from './contract.ts'
import { period, program } from './in-path.ts'

const path = { program, period }

export const months = {
  'GET /api/programs/{program}/months/{period}': {
    id: 'month',
    does: 'A usage month over PRISM’s whole file: what is billed of it, each difference by name, and a page of its customers (J5).',
    access: 'invoices.read',
    path,
    query: monthQuerySchema,
    reply: monthSchema,
  },
  'GET /api/programs/{program}/months/{period}/csv': {
    id: 'monthCsv',
    does: 'All customers of a usage month that fit, with each difference by name, as CSV (J5).',
    access: 'invoices.read',
    path,
    query: fileQuery(monthListQuerySchema),
    reply: 'csv',
  },
  'GET /api/programs/{program}/months/{period}/reconciliation': {
    id: 'reconciliation',
    does: 'PRISM’s price, cost and margin in a month against another one: what changed and why, to the cent; by customer, product or subscription.',
    access: 'invoices.read',
    path,
    query: reconciliationQuerySchema,
    reply: reconciliationSchema,
  },
  'GET /api/programs/{program}/months/{period}/reconciliation/csv': {
    id: 'reconciliationCsv',
    does: 'The same, all of it, as CSV.',
    access: 'invoices.read',
    path,
    query: fileQuery(reconciliationListQuerySchema),
    reply: 'csv',
  },
  'POST /api/programs/{program}/months/{period}/accept': {
    id: 'acceptDifferences',
    does: 'Accepts differences of a month with why, one by one or all that fit, all or none (J5).',
    access: 'months.close',
    path,
    body: acceptInputSchema,
    reply: acceptedSchema,
  },
  'POST /api/programs/{program}/months/{period}/take-back': {
    id: 'takeAcceptancesBack',
    does: 'Takes back that differences of a month were accepted (J5).',
    access: 'months.close',
    path,
    body: takeBackInputSchema,
    reply: acceptedSchema,
  },
  'POST /api/programs/{program}/months/{period}/close': {
    id: 'closeMonth',
    does: 'Closes a month of which nothing is left to settle: its figures are kept, and the program’s addresses told (J5).',
    access: 'months.close',
    path,
    body: closeInputSchema,
    reply: closedSchema,
  },
  'POST /api/programs/{program}/months/{period}/reopen': {
    id: 'reopenMonth',
    does: 'Opens a closed month again, with why (J5).',
    access: 'months.close',
    path,
    body: reopenInputSchema,
    reply: 'nothing',
  },
} as const satisfies Contracts
