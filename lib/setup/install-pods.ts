/**
 * Installing our pods in ConnectWise through its hosted-setup resource (H5; docs/facts/host-api.md,
 * "Installing").
 */
import type {
  ConnectWiseClient,
  HostedScreen,
  HostedSetup,
  HostedSetupDraft,
  Listed,
} from '#lib/connectwise/values.ts'

export interface InstallContext {
  readonly connectWise: Pick<
    ConnectWiseClient,
    'hostedScreens' | 'hostedSetups' | 'createHostedSetup' | 'updateHostedSetup'
  >
  /** Our own address, without a slash at the end; its origin is what ConnectWise must trust. */
  readonly appUrl: string
  /** The organisation's public id. */
  readonly publicId: string
}

export interface InstalledPod {
  readonly screen: string
  /**
   * `missing`: this ConnectWise does not offer the screen; `unreadable`: what may be the screen or our pod cannot be read, so
   * that no second one was made.
   */
  readonly state: 'created' | 'updated' | 'unchanged' | 'missing' | 'unreadable'
  /** Of `unreadable`: what, and why. */
  readonly reason?: string
}

interface Pod {
  readonly screen: string
  readonly path: string
  readonly description: string
  readonly podHeight: number
}

const PODS: readonly Pod[] = [
  { screen: 'agreement', path: '/pods/agreement', description: 'Prism Pod: Microsoft CSP', podHeight: 480 },
]

/** Creates or repairs each pod, never a second one of the same; run again, it changes nothing. */
export async function installPods({ ctx }: { ctx: InstallContext }): Promise<InstalledPod[]> {
  const [screens, setups] = await Promise.all([
    ctx.connectWise.hostedScreens(),
    ctx.connectWise.hostedSetups(),
  ])
  const installed: InstalledPod[] = []
  for (const pod of PODS) installed.push(await install(ctx, pod, screens, setups))
  return installed
}

/** Screens are named in the singular or the plural, in any case. */
const isScreen = ({ screenId, name }: HostedScreen, screen: string): boolean =>
  [screenId, name].some((text) => text.toLowerCase().replace(/s$/, '') === screen)

async function install(
  ctx: InstallContext,
  pod: Pod,
  screens: Listed<HostedScreen>,
  setups: Listed<HostedSetup>,
): Promise<InstalledPod> {
  const screen = screens.records.find((each) => isScreen(each, pod.screen))
  if (screen === undefined) return unreadable(pod, screens) ?? { screen: pod.screen, state: 'missing' }
  const draft = draftOf(ctx, pod, screen.id)
  const prefix = `${ctx.appUrl}${pod.path}?`
  const ours = setups.records.find((setup) => setup.screenId === screen.id && setup.url.startsWith(prefix))
  if (ours === undefined) {
    const aside = unreadable(pod, setups)
    if (aside !== null) return aside
    await ctx.connectWise.createHostedSetup(draft)
    return { screen: pod.screen, state: 'created' }
  }
  if (isAsDrafted(ours, draft)) return { screen: pod.screen, state: 'unchanged' }
  await ctx.connectWise.updateHostedSetup(ours.id, draft)
  return { screen: pod.screen, state: 'updated' }
}

function unreadable({ screen }: Pod, { unreadable: [first] }: Listed<unknown>): InstalledPod | null {
  if (first === undefined) return null
  return { screen, state: 'unreadable', reason: `${first.record} cannot be read: ${first.reason}` }
}

function draftOf({ appUrl, publicId }: InstallContext, pod: Pod, screenId: number): HostedSetupDraft {
  return {
    screenId,
    description: pod.description,
    type: 'Pod',
    // The tokens in brackets are ConnectWise's to fill in, so they are not encoded.
    url: `${appUrl}${pod.path}?org=${encodeURIComponent(publicId)}&id=[cw_id]&screen=[cw_screen]`,
    origin: new URL(appUrl).origin,
    podHeight: pod.podHeight,
  }
}

const isAsDrafted = (setup: HostedSetup, draft: HostedSetupDraft): boolean =>
  !setup.disabled &&
  setup.url === draft.url &&
  setup.origin === draft.origin &&
  setup.description === draft.description &&
  setup.podHeight === draft.podHeight
