/** Reading what ConnectWise invoiced of an agreement that somebody opens (J6): after the answer, and not again within minutes. */
import { after } from 'next/server'
import type { VerifiedAnswer } from '#app/api/schemas/verify.ts'
import { ownForecastsOf } from '#db/invoicing/own-invoices.ts'
import { audit } from '#db/people/audit.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { ProductError } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import { readAgreement } from '#lib/invoicing/read.ts'
import { verifyOrganisation } from '#lib/invoicing/verify-organisation.ts'
import { programs } from '#lib/programs/registry.ts'
import { connectWiseOf } from './clients.ts'
import { server } from './process.ts'

const agoMs = 10 * 60 * 1000

export function readInvoicesAfterwards(organisationId: string, program: string, agreementId: number): void {
  const { db } = server()
  after(async () => {
    try {
      const [last] = await ownForecastsOf(db, organisationId, [agreementId])
      if (last !== undefined && Date.now() - last.readAt.getTime() < agoMs) return
      const { client: connectWise } = await connectWiseOf(organisationId)
      const now = () => new Date()
      await readAgreement({ db, organisationId, program, connectWise, now }, agreementId)
    } catch (error) {
      // It is read with the next run, too.
      const why = error instanceof ProductError ? { detail: error.detail } : { error }
      log.warn('invoices-not-read', { organisationId, agreementId, ...why })
    }
  })
}

/** Few enough for somebody who waits; the script looks at more. */
const fewAgreements = 8
const fewInvoices = 4

/** Which rules hold on the organisation's ConnectWise, by the invoices of some of its agreements. Throws as a connection does. */
export async function verifyNow({ organisationId, actor }: Principal): Promise<VerifiedAnswer> {
  const { db } = server()
  const { client: connectWise } = await connectWiseOf(organisationId)
  const [program] = programs
  const ctx = { db, organisationId, program: program.slug, connectWise, now: () => new Date() }
  const { rules, ...seen } = await verifyOrganisation(ctx, { most: fewAgreements, invoices: fewInvoices })
  const count = (verdict: (typeof rules)[number]['verdict']): number =>
    rules.filter((each) => each.verdict === verdict).length
  const found = { ...seen, holds: count('holds'), fails: count('fails'), unknown: count('unknown') }
  await audit(db, organisationId, { actor, action: 'verify-instance', subject: 'connectwise', detail: found })
  return found
}
