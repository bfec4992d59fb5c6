/** What of ours ConnectWise can show, and where (H1, H2, H5; docs/facts/host-api.md, "Installing"). */

export interface OurPod {
  readonly pod: 'agreement-pod' | 'company-pod' | 'company-tab'
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
