/** What the jobs carry; parsed again when a job is taken, as another version of the product may have put it there. */
import { z } from 'zod'
import { originOf, requestId } from '#lib/base/request-id.ts'

/** The request or schedule that a job goes back to, beside what it is about; jobs from before requests had names lack it. */
const origin = z.object({ requestId: z.string().max(100) })
export const originOfPayload = (payload: unknown): string | null =>
  origin.safeParse(payload).data?.requestId ?? null

/** A payload as it is put into the queue. */
export const withOrigin = <P extends object>(payload: P): P & { readonly requestId?: string } => {
  const id = requestId()
  return id === null ? payload : { ...payload, requestId: originOf(id) }
}

/** A person's request goes before the schedule's, which has 0. */
export const byPerson = 10

export const detectPayload = z.object({
  organisationId: z.uuid(),
  program: z.string(),
})
export type DetectPayload = z.infer<typeof detectPayload>

export const loadInvoicePayload = z.object({
  organisationId: z.uuid(),
  program: z.string(),
  prismInvoiceId: z.string(),
})
export type LoadInvoicePayload = z.infer<typeof loadInvoicePayload>

export const syncAgreementPayload = z.object({
  organisationId: z.uuid(),
  program: z.string(),
  runId: z.uuid(),
  agreementId: z.number().int(),
})
export type SyncAgreementPayload = z.infer<typeof syncAgreementPayload>

export const syncProductsPayload = z.object({
  organisationId: z.uuid(),
  program: z.string(),
  runId: z.uuid(),
})
export type SyncProductsPayload = z.infer<typeof syncProductsPayload>

export const notifyPayload = z.object({ organisationId: z.uuid() })
export type NotifyPayload = z.infer<typeof notifyPayload>

/** A full scan of ConnectWise; which one is the row that says how far it is. */
export const scanPayload = z.object({ organisationId: z.uuid() })
export type ScanPayload = z.infer<typeof scanPayload>

export const removeOldPayload = z.object({ organisationId: z.uuid() })
export type RemoveOldPayload = z.infer<typeof removeOldPayload>

/** Which organisations are being deleted, their rows say. */
export const deletePayload = z.object({})

/** What ConnectWise invoiced of a program's agreements. */
export const invoicingPayload = z.object({ organisationId: z.uuid(), program: z.string() })
export type InvoicingPayload = z.infer<typeof invoicingPayload>

/** One active job a key: the program of an organisation. */
export const syncProductsKey = ({ organisationId, program }: Omit<SyncProductsPayload, 'runId'>): string =>
  `${organisationId}/${program}`

/** One active job a key: the program of an organisation. */
export const detectKey = ({ organisationId, program }: DetectPayload): string =>
  `${organisationId}/${program}`
/** One active job a key, and one that waits: the invoice. */
export const loadInvoiceKey = ({ organisationId, program, prismInvoiceId }: LoadInvoicePayload): string =>
  `${organisationId}/${program}/${prismInvoiceId}`
/** One active job a key: the agreement, whatever triggered its sync (docs/applying.md, "Lease"). */
export const syncAgreementKey = ({
  organisationId,
  program,
  agreementId,
}: Omit<SyncAgreementPayload, 'runId'>): string => `${organisationId}/${program}/${agreementId}`
