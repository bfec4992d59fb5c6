/** What of an agreement's months people are told of (G4): errors and price warnings, as an index of what the plans and the ledger tell. */
import type { NewAgreementFinding } from '#db/notices/agreement-findings.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { earlierMonthCodes, type Finding, type FindingCode } from '#lib/billing/types.ts'
import type { PeriodOutcome } from '#lib/ledger/outcome.ts'

const priceCodes: readonly FindingCode[] = ['cost-price-changed', 'retail-price-changed', 'price-replaced']
/** Of an agreement: enough to say what is wrong, however many subscriptions it has. */
const most = 1000

export const toldOf = (months: readonly PeriodOutcome[]): NewAgreementFinding[] =>
  months
    .flatMap(({ period, findings, subscriptions }) => [
      ...findings.flatMap((finding) =>
        told(finding, {
          period,
          tenantId: '',
          subscriptionId: subscriptionKey(''),
          product: '',
          amount: null,
        }),
      ),
      ...subscriptions.flatMap(({ tenantId, subscriptionId, product, invoiced, findings: own }) =>
        own.flatMap((finding) =>
          told(finding, {
            period,
            tenantId,
            subscriptionId: subscriptionKey(subscriptionId),
            product: product.name,
            amount: invoiced.price,
          }),
        ),
      ),
    ])
    .slice(0, most)

const told = (
  { severity, code, message, remedy }: Finding,
  of: Pick<NewAgreementFinding, 'period' | 'tenantId' | 'subscriptionId' | 'product' | 'amount'>,
): NewAgreementFinding[] => {
  if (severity === 'note' || earlierMonthCodes.includes(code)) return []
  const kind = severity === 'error' ? 'error' : priceCodes.includes(code) ? 'price' : null
  return kind === null ? [] : [{ ...of, kind, code, message, remedy }]
}
