/** Verifies an organisation's ConnectWise, keeps the answers, and compares its months anew by them (J13, J6). */
import { oneTimeAgreementsToProve } from '#db/invoicing/annual-months.ts'
import { putInstanceRules } from '#db/invoicing/instance-rules.ts'
import { agreementsToProve } from '#db/invoicing/second-proofs.ts'
import { readingsOf } from '#db/ledger/readings.ts'
import { invoicesBetween } from '#lib/billing/readings.ts'
import type { Day } from '#lib/billing/types.ts'
import type { InvoicingContext } from './context.ts'
import { prove, verdictsOf } from './prove.ts'
import { type Verified, type VerifyInput, verify } from './verify.ts'

const sinceEver = '1900-01-01' as Day

export const verifyOrganisation = async (
  ctx: Omit<InvoicingContext, 'connectWise'> & Pick<VerifyInput, 'connectWise'>,
  { most, invoices, onProgress }: Pick<VerifyInput, 'most' | 'invoices' | 'onProgress'>,
): Promise<Verified> => {
  const { db, organisationId, program, connectWise, now } = ctx
  const ours = (await agreementsToProve(db, organisationId, program)).map(({ agreementId }) => agreementId)
  const oneTime = (await oneTimeAgreementsToProve(db, organisationId, program)).map(
    ({ agreementId }) => agreementId,
  )
  const verified = await verify({
    connectWise,
    agreementIds: ours.length + oneTime.length === 0 ? null : ours,
    oneTimeIds: oneTime,
    most,
    invoices,
    read: async (agreementId) =>
      invoicesBetween(await readingsOf(db, organisationId, agreementId, sinceEver)),
    ...(onProgress === undefined ? {} : { onProgress }),
  })
  const checkedAt = now()
  await putInstanceRules(
    db,
    organisationId,
    verified.rules.map(({ rule, verdict, holds, fails, examples }) => ({
      rule,
      verdict,
      evidence: { holds, fails, says: examples[0] ?? '' },
      checkedAt,
    })),
  )
  const verdicts = await verdictsOf(ctx)
  for (const agreementId of new Set([...ours, ...oneTime])) await prove(ctx, agreementId, verdicts)
  return verified
}
