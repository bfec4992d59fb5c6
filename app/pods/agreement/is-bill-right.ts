import type { MappedContent } from '#app/api/schemas/pod.ts'
import { verdict } from '#app/ui/plan/agreement-of-amounts.ts'

/** Whether the agreement's bill is right, as far as is known: only then anything of it is green. */
export function isBillRight({ isOneTime, programEnabled, tenants, result, second }: MappedContent): boolean {
  // Nothing of a One-Time agreement is right before ConnectWise's own figure holds it.
  if (isOneTime && second?.tone !== 'good') return false
  const [newest] = result?.periods ?? []
  if (newest === undefined || result === null) return false
  const isSynced = tenants.every(
    ({ syncs, firstSync }) => syncs && (firstSync === null || firstSync.period <= newest.period),
  )
  const failing = newest.subscriptions.filter(({ status }) => status === 'Error').length
  const waiting = newest.subscriptions.filter(({ waits }) => waits !== undefined).length
  const isGood = result.status === 'Success' || result.status === 'No Change'
  return (
    programEnabled && isSynced && isGood && verdict(newest.totals, 'price', failing, waiting).tone === 'good'
  )
}
