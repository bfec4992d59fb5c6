/** What of ours ConnectWise can show, where, and as what (H1, H2, H5; docs/facts/host-api.md, "Installing"). */
import type { HostedSetupDraft } from '#lib/connectwise/values.ts'

export const podNames = ['agreement-pod', 'company-pod', 'company-tab'] as const
export type PodName = (typeof podNames)[number]

export interface OurPod {
  readonly pod: PodName
  /** Singular, in lower case, as `[cw_screen]` has it. */
  readonly screen: 'agreement' | 'company'
  /** Of our address; no two have the same. */
  readonly path: string
  readonly type: 'Pod' | 'Tab'
  /** Its title on the screen, at most 50 characters. */
  readonly description: string
  /** Pixels; ConnectWise sizes tabs itself. */
  readonly podHeight?: number
}

const TITLE = 'Prism Pod: Microsoft CSP'

export const ourPods: readonly OurPod[] = [
  {
    pod: 'agreement-pod',
    screen: 'agreement',
    path: '/pods/agreement',
    type: 'Pod',
    description: TITLE,
    podHeight: 480,
  },
  {
    pod: 'company-pod',
    screen: 'company',
    path: '/pods/company',
    type: 'Pod',
    description: TITLE,
    podHeight: 300,
  },
  { pod: 'company-tab', screen: 'company', path: '/tabs/company', type: 'Tab', description: 'Microsoft CSP' },
]

/** Whose pods, and where their pages are. */
export interface PodOwner {
  /** Our own address, without a slash at the end; its origin is what ConnectWise must trust. */
  readonly appUrl: string
  /** The organisation's public id. */
  readonly publicId: string
}

/** All of a pod's hosted setup but its screen, whose number is the instance's own. */
export function setupOf(
  { appUrl, publicId }: PodOwner,
  { path, description, type, podHeight }: OurPod,
): Omit<HostedSetupDraft, 'screenId' | 'clientId'> {
  return {
    description,
    type,
    // The tokens in brackets are ConnectWise's to fill in, so they are not encoded.
    url: `${appUrl}${path}?org=${encodeURIComponent(publicId)}&id=[cw_id]&screen=[cw_screen]`,
    origin: new URL(appUrl).origin,
    ...(podHeight === undefined ? {} : { podHeight }),
  }
}

/**
 * Whose page a hosted setup opens, if it opens this pod's. Ours carries our public id, whatever address it still has, or has our
 * address and nobody's id; another organisation's, or another Prism Pod's, carries an id that is not ours.
 */
export function whoseSetup(url: string, owner: PodOwner, { path }: OurPod): 'ours' | 'anothers' | null {
  const found = URL.parse(url)
  if (found === null || found.pathname.replace(/\/$/, '') !== new URL(owner.appUrl + path).pathname)
    return null
  const organisation = found.searchParams.get('org') ?? ''
  if (organisation === owner.publicId) return 'ours'
  if (organisation !== '') return 'anothers'
  return found.origin === new URL(owner.appUrl).origin ? 'ours' : null
}
