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
import { type OurPod, ourPods } from './our-pods.ts'

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
  readonly pod: OurPod['pod']
  readonly screen: string
  /**
   * `missing`: this ConnectWise does not offer the screen; `unreadable`: what may be the screen or our pod cannot be read, so
   * that no second one was made.
   */
  readonly state: 'created' | 'updated' | 'unchanged' | 'missing' | 'unreadable'
  /** Of `unreadable`: what, and why. */
  readonly reason?: string
}

/** Creates or repairs each pod, never a second one of the same; run again, it changes nothing. */
export async function installPods({ ctx }: { ctx: InstallContext }): Promise<InstalledPod[]> {
  const [screens, setups] = await Promise.all([
    ctx.connectWise.hostedScreens(),
    ctx.connectWise.hostedSetups(),
  ])
  const installed: InstalledPod[] = []
  for (const pod of ourPods) installed.push(await install(ctx, pod, screens, setups))
  return installed
}

/** Screens are named in the singular or the plural, in any case. */
const isScreen = ({ screenId, name }: HostedScreen, screen: string): boolean =>
  [screenId, name].some((text) => text.toLowerCase().replace(/s$/, '') === screen)

async function install(
  ctx: InstallContext,
  pod: OurPod,
  screens: Listed<HostedScreen>,
  setups: Listed<HostedSetup>,
): Promise<InstalledPod> {
  const screen = screens.records.find((each) => isScreen(each, pod.screen))
  if (screen === undefined) return unreadable(pod, screens) ?? { ...named(pod), state: 'missing' }
  const draft = draftOf(ctx, pod, screen.id)
  const prefix = `${ctx.appUrl}${pod.path}?`
  const ours = setups.records.find((setup) => setup.screenId === screen.id && setup.url.startsWith(prefix))
  if (ours === undefined) {
    const aside = unreadable(pod, setups)
    if (aside !== null) return aside
    await ctx.connectWise.createHostedSetup(draft)
    return { ...named(pod), state: 'created' }
  }
  if (isAsDrafted(ours, draft)) return { ...named(pod), state: 'unchanged' }
  await ctx.connectWise.updateHostedSetup(ours.id, draft)
  return { ...named(pod), state: 'updated' }
}

const named = ({ pod, screen }: OurPod) => ({ pod, screen })

function unreadable(pod: OurPod, { unreadable: [first] }: Listed<unknown>): InstalledPod | null {
  if (first === undefined) return null
  return { ...named(pod), state: 'unreadable', reason: `${first.record} cannot be read: ${first.reason}` }
}

function draftOf({ appUrl, publicId }: InstallContext, pod: OurPod, screenId: number): HostedSetupDraft {
  return {
    screenId,
    description: pod.description,
    type: pod.type,
    // The tokens in brackets are ConnectWise's to fill in, so they are not encoded.
    url: `${appUrl}${pod.path}?org=${encodeURIComponent(publicId)}&id=[cw_id]&screen=[cw_screen]`,
    origin: new URL(appUrl).origin,
    ...(pod.podHeight === undefined ? {} : { podHeight: pod.podHeight }),
  }
}

const isAsDrafted = (setup: HostedSetup, draft: HostedSetupDraft): boolean =>
  !setup.disabled &&
  setup.url === draft.url &&
  setup.origin === draft.origin &&
  setup.description === draft.description &&
  setup.type === draft.type &&
  (draft.podHeight === undefined || setup.podHeight === draft.podHeight)
