/** How the page speaks of pods. */
import type { ShownPod } from '#app/api/schemas/hosted-setups.ts'
import type { Reply } from '#app/contracts/table.ts'

export const NAMES: Readonly<Record<ShownPod['pod'], string>> = {
  'agreement-pod': 'Agreement pod',
  'company-pod': 'Company pod',
  'company-tab': 'Company tab',
}

export const WHAT: Readonly<Record<ShownPod['pod'], string>> = {
  'agreement-pod': 'On the Agreement screen: what the agreement bills, its last sync, mapping and Sync now.',
  'company-pod': 'On the Company screen, small: the company’s customers in PRISM and its agreements.',
  'company-tab': 'On the Company screen, with a tab’s width: the same, with room for several agreements.',
}

export const STATES = {
  installed: { tone: 'good', text: 'Installed' },
  faulty: { tone: 'bad', text: 'To repair' },
  absent: { tone: 'warn', text: 'Not installed' },
  'not-offered': { tone: 'quiet', text: 'Not offered' },
  unreadable: { tone: 'warn', text: 'Not known' },
} as const

/** Where a hosted setup is entered in ConnectWise. */
export const PATH = 'System › Setup Tables › Manage Hosted API'

/** A state in a sentence; `null` where the faults say it. */
export function sentenceOf({ pod, state, screen, reason }: ShownPod): string | null {
  if (state === 'installed') return 'It is there, and as it should be.'
  if (state === 'absent') return 'ConnectWise offers the screen; nothing of ours is on it.'
  if (state === 'unreadable')
    return `${reason ?? 'Something in the list cannot be read'}. So that nothing is made twice, nothing is installed. Correct or delete that entry in ConnectWise under ${PATH}, then look again.`
  if (state === 'faulty') return null
  return screen === 'agreement'
    ? 'This ConnectWise does not offer its Agreement screen for pods. Nothing is lost: company pod and company tab show the same for each agreement.'
    : `This ConnectWise does not offer its Company screen for pods, so that there is no ${NAMES[pod].toLowerCase()}. Ask ConnectWise’s support for the screen.`
}

export const othersSentence = (titles: readonly string[]): string =>
  `${titles.map((title) => `“${title}”`).join(', ')} on this screen ${titles.length === 1 ? 'belongs' : 'belong'} to another organisation or another Prism Pod and ${titles.length === 1 ? 'is' : 'are'} not touched. What nobody uses any more is deleted in ConnectWise under ${PATH}.`

type Installed = Reply<'POST /api/hosted/setups'>['pods']

/** What an installation came to. */
export function didInstall(pods: Installed): string {
  const counts = [
    [countOf(pods, 'created'), 'installed'],
    [countOf(pods, 'updated'), 'repaired'],
  ] as const
  const done = counts.filter(([count]) => count > 0)
  if (done.length === 0) return 'Nothing was to do.'
  if (pods.length === 1) return done[0]?.[1] === 'installed' ? 'It is installed.' : 'It is repaired.'
  return `${done.map(([count, what]) => `${count} ${what}`).join(', ')}.`
}

const countOf = (pods: Installed, state: Installed[number]['state']): number =>
  pods.filter((pod) => pod.state === state).length

/** What a removal came to. */
export function didRemove(pods: Reply<'DELETE /api/hosted/setups'>['pods']): string {
  return pods.some(({ removed }) => removed > 0) ? 'It is removed.' : 'It was not there any more.'
}
