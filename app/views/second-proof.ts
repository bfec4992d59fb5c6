/** How a month of an agreement compares with what ConnectWise says (J6), as it is shown. */
import type { SecondProof } from '#app/api/schemas/second-proof.ts'
import { server } from '#app/process/process.ts'
import { invoicingRead } from '#db/invoicing/own-invoices.ts'
import { secondProofsIn, secondProofsOf } from '#db/invoicing/second-proofs.ts'
import type { Period } from '#lib/billing/types.ts'
import { verdictsOf } from '#lib/invoicing/prove.ts'
import { type Known, shownProof } from './second-proof-shown.ts'

/** By agreement, those of a month. */
export async function secondProofsOfMonth(
  organisationId: string,
  program: string,
  period: Period,
  agreementIds: readonly number[],
): Promise<ReadonlyMap<number, SecondProof>> {
  if (agreementIds.length === 0) return new Map()
  const { db } = server()
  const [rows, known] = await Promise.all([
    secondProofsIn(db, organisationId, program, period, agreementIds),
    knownOf(organisationId),
  ])
  return new Map(rows.map((row) => [row.agreementId, shownProof(row, known)]))
}

/** By agreement and month (`agreementId/period`). */
export async function secondProofsOfAgreements(
  organisationId: string,
  program: string,
  agreementIds: readonly number[],
): Promise<ReadonlyMap<string, SecondProof>> {
  if (agreementIds.length === 0) return new Map()
  const { db } = server()
  const [rows, known] = await Promise.all([
    secondProofsOf(db, organisationId, program, agreementIds),
    knownOf(organisationId),
  ])
  return new Map(rows.map((row) => [`${row.agreementId}/${row.period}`, shownProof(row, known)]))
}

const knownOf = async (organisationId: string): Promise<Known> => {
  const { db } = server()
  const [verdicts, read] = await Promise.all([
    verdictsOf({ db, organisationId }),
    invoicingRead(db, organisationId),
  ])
  return { verdicts, read }
}
