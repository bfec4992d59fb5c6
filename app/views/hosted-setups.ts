/** Our pods in ConnectWise, as the page and the API show them (H5). */
import type { PodByHand, ShownPod } from '#app/api/schemas/hosted-setups.ts'
import { type OurPod, ourPods, type PodName, type PodOwner, setupOf } from '#lib/setup/our-pods.ts'
import type { FoundPod } from '#lib/setup/pods-found.ts'

/** As ConnectWise names them where it does not say. */
const SCREENS = { agreement: 'Agreement', company: 'Company' } as const

export const podsByHand = (owner: PodOwner): { readonly pod: PodName; readonly byHand: PodByHand }[] =>
  ourPods.map((our) => ({ pod: our.pod, byHand: byHandOf(our, owner, null) }))

export const shownPod = (
  { our, state, screen, setups, faults, reason, others }: FoundPod,
  owner: PodOwner,
): ShownPod => ({
  pod: our.pod,
  screen: our.screen,
  state,
  faults: [...faults],
  reason,
  isThere: setups.length > 0,
  others: [...others],
  byHand: byHandOf(our, owner, screen?.name || null),
})

function byHandOf(our: OurPod, owner: PodOwner, screen: string | null): PodByHand {
  const { description, origin, url, podHeight = null } = setupOf(owner, our)
  return { description, screen: screen ?? SCREENS[our.screen], origin, url, display: our.type, podHeight }
}

/** Browsers show no http page inside an https one. */
export function insecureWarning({ appUrl }: PodOwner, site: string): string | null {
  if (appUrl.startsWith('https://') || site.startsWith('http://')) return null
  return `Prism Pod is at ${appUrl}, which is not https. Browsers show no such page inside ConnectWise: whoever runs this deployment gives it an https address (APP_URL), then the pods are repaired here.`
}
