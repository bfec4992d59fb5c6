/** The screens that can host pods. */
import type { Unknowns } from './inferred.ts'
import type { Store } from './store.ts'

/** Whether a real one has it depends on the instance (docs/facts/host-api.md, "Screens"). */
export const agreementScreen = { id: 12, screenId: 'agreement', name: 'Agreement' }

/** Puts the Agreement screen into the list, or takes it out; what is installed on it stays and is not shown. */
export function offerScreens(store: Store, { hostsAgreements }: Unknowns): void {
  const isListed = store.get('hostedScreens', agreementScreen.id) !== undefined
  if (hostsAgreements && !isListed) store.put('hostedScreens', agreementScreen, 'seed')
  if (!hostsAgreements && isListed) store.remove('hostedScreens', agreementScreen.id, 'seed')
}
