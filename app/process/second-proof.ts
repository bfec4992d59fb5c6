/** Reading what ConnectWise invoiced of an agreement that somebody opens (J6): after the answer, and not again within minutes. */
import { after } from 'next/server'
import { ownForecastsOf } from '#db/invoicing/own-invoices.ts'
import { ProductError } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import { readAgreement } from '#lib/invoicing/read.ts'
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
