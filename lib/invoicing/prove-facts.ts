/** What both second proofs read of an agreement (J6). */

import {
  type OwnForecast,
  type OwnInvoiceRow,
  ownForecastsOf,
  ownInvoicesOf,
} from '#db/invoicing/own-invoices.ts'
import { ownedAdditions } from '#db/ledger/changes.ts'
import { readingsOf, type StoredReading } from '#db/ledger/readings.ts'
import type { Day, Money, OwnedAddition, Period } from '#lib/billing/types.ts'
import { laterDate, type ProofScope, sinceEver } from './prove-parts.ts'

export interface ProofFacts {
  /** Oldest first. */
  readonly readings: readonly StoredReading[]
  readonly newest: StoredReading | undefined
  readonly forecast: OwnForecast | null
  /** What the agreement bills by itself; `null`: it was not asked for. */
  readonly own: Money | null
  /** ConnectWise's invoices from the first proved month on. */
  readonly invoices: readonly OwnInvoiceRow[]
  readonly owned: readonly OwnedAddition[]
  readonly nextInvoiceDate: Day | null
}

/** @param from the first proved month */
export const proofFacts = async (
  { db, organisationId, program }: ProofScope,
  agreementId: number,
  from: Period,
): Promise<ProofFacts> => {
  const readings = await readingsOf(db, organisationId, agreementId, sinceEver)
  const newest = readings.at(-1)
  const [forecast = null] = await ownForecastsOf(db, organisationId, [agreementId])
  return {
    readings,
    newest,
    forecast,
    own: forecast?.own ?? null,
    invoices: await ownInvoicesOf(db, organisationId, [agreementId], from),
    owned: await ownedAdditions(db, organisationId, program, agreementId),
    nextInvoiceDate: laterDate(forecast?.nextInvoiceDate ?? null, newest?.nextInvoiceDate ?? null),
  }
}
