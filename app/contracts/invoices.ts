import { fileQuery } from '#app/api/schemas/file-query.ts'
import { invoiceSchema, invoicesSchema, lineOwnerSchema, loadingSchema } from '#app/api/schemas/invoices.ts'
import { programQuerySchema } from '#app/api/schemas/programs.ts'
import type { Contracts } from './contract.ts'
import { anyId } from './in-path.ts'

export const invoices = {
  'GET /api/invoices': {
    id: 'invoices',
    does: 'A program’s invoices, and why one is ignored, held or refused.',
    access: 'invoices.read',
    query: programQuerySchema,
    reply: invoicesSchema,
  },
  'GET /api/invoices/csv': {
    id: 'invoicesCsv',
    does: 'A program’s invoices with their totals and states, as CSV.',
    access: 'invoices.read',
    query: fileQuery(programQuerySchema),
    reply: 'csv',
  },
  'GET /api/invoices/loading': {
    id: 'loadingInvoices',
    does: 'The program’s invoice files that are being read, and how far each is (G5).',
    access: 'invoices.read',
    query: programQuerySchema,
    reply: loadingSchema,
  },
  'POST /api/invoices/{id}/pick': {
    id: 'pickInvoice',
    does: 'Uses an invoice that is held.',
    access: 'invoices.decide',
    path: { id: anyId },
    query: programQuerySchema,
    reply: invoiceSchema,
  },
  'POST /api/invoices/{id}/exclude': {
    id: 'excludeInvoice',
    does: 'Leaves an invoice out.',
    access: 'invoices.decide',
    path: { id: anyId },
    query: programQuerySchema,
    reply: invoiceSchema,
  },
  'POST /api/invoices/{id}/read-again': {
    id: 'readInvoiceAgain',
    does: 'Has PRISM asked for an invoice’s file again, now, and answers with what came of it.',
    access: 'invoices.decide',
    path: { id: anyId },
    query: programQuerySchema,
    reply: invoiceSchema,
  },
  'POST /api/invoices/{id}/take': {
    id: 'takeInvoice',
    does: 'Takes over an annual invoice issued before these terms were switched on: the next look carries it (J9).',
    access: 'invoices.decide',
    path: { id: anyId },
    query: programQuerySchema,
    reply: invoiceSchema,
  },
  'DELETE /api/invoices/{id}/take': {
    id: 'leaveTakenInvoice',
    does: 'Takes that back, as long as nothing of it is written.',
    access: 'invoices.decide',
    path: { id: anyId },
    query: programQuerySchema,
    reply: invoiceSchema,
  },
  'PUT /api/invoices/{id}/lines/{subscriptionId}/owner': {
    id: 'setLineOwner',
    does: 'Says whose a subscription’s lines are that nothing else tells.',
    access: 'invoices.decide',
    path: { id: anyId, subscriptionId: anyId },
    query: programQuerySchema,
    body: lineOwnerSchema,
    reply: invoiceSchema,
  },
} as const satisfies Contracts
