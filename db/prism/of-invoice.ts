/** Which lines are one invoice's. */
import { and, eq } from 'drizzle-orm'
import { invoiceBadLines, invoiceLines } from './invoice-tables.ts'

export const ofInvoice = (organisationId: string, program: string, invoiceId: string) =>
  and(
    eq(invoiceLines.organisationId, organisationId),
    eq(invoiceLines.program, program),
    eq(invoiceLines.invoiceId, invoiceId),
  )

export const badOfInvoice = (organisationId: string, program: string, invoiceId: string) =>
  and(
    eq(invoiceBadLines.organisationId, organisationId),
    eq(invoiceBadLines.program, program),
    eq(invoiceBadLines.invoiceId, invoiceId),
  )
