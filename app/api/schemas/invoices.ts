import { z } from 'zod'
import { daySchema, moneySchema, periodSchema } from '#lib/billing/types.ts'

export const invoiceSchema = z.object({
  id: z.string(),
  prismInvoiceId: z.string(),
  programName: z.string(),
  period: periodSchema,
  invoicedOn: daySchema.nullable(),
  state: z.enum(['loading', 'ready', 'held', 'refused', 'ignored', 'excluded', 'superseded']),
  /** Why it is held, refused or ignored. */
  reasonCode: z.string().nullable(),
  reason: z.string().nullable(),
  /** Where a refused file could not be read; the header is row 1. */
  row: z.number().int().nullable(),
  column: z.string().nullable(),
  lineCount: z.number().int(),
  totalCost: moneySchema.nullable(),
  totalPrice: moneySchema.nullable(),
  detectedAt: z.iso.datetime(),
  decidedBy: z.string().nullable(),
})

export const invoicesSchema = z.object({
  invoices: z.array(invoiceSchema),
  lastCheckedAt: z.iso.datetime().nullable(),
  lastCheckError: z.string().nullable(),
})
