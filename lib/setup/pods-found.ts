/** What ConnectWise offers, what of ours is installed in it, and what of that is not as it should be (H5). */
import type { HostedScreen, HostedSetup, Listed } from '#lib/connectwise/values.ts'
import { type OurPod, ourPods, type PodOwner, setupOf, whoseSetup } from './our-pods.ts'

export type PodState = 'installed' | 'faulty' | 'absent' | 'not-offered' | 'unreadable'

export interface PodFault {
  readonly code: 'address' | 'origin' | 'screen' | 'type' | 'disabled' | 'height' | 'copies'
  /** What is wrong and what comes of it. */
  readonly message: string
}

export interface FoundPod {
  readonly our: OurPod
  readonly state: PodState
  /** `null`: this ConnectWise does not offer it, or does not say so. */
  readonly screen: HostedScreen | null
  /** Ours: the one that stays and is repaired first, then its copies. */
  readonly setups: readonly HostedSetup[]
  /** Of `faulty`. */
  readonly faults: readonly PodFault[]
  /** Of `unreadable`: what, and why. */
  readonly reason: string | null
  /** Titles of those that are another organisation's, or another Prism Pod's. */
  readonly others: readonly string[]
}

interface FoundLists {
  readonly screens: Listed<HostedScreen>
  readonly setups: Listed<HostedSetup>
}

export const podsFound = (lists: FoundLists, owner: PodOwner): FoundPod[] =>
  ourPods.map((our) => podFound(our, lists, owner))

function podFound(our: OurPod, { screens, setups }: FoundLists, owner: PodOwner): FoundPod {
  const screen = screens.records.find((each) => isScreen(each, our.screen)) ?? null
  const whose = (setup: HostedSetup) => whoseSetup(setup.url, owner, our)
  const own = setups.records
    .filter((setup) => whose(setup) === 'ours')
    .map((setup) => ({ setup, faults: faultsOf(setup, our, screen, { screens, setups }, owner) }))
    // The one with the least to repair stays.
    .sort((one, other) => one.faults.length - other.faults.length || one.setup.id - other.setup.id)
  const [kept, ...copies] = own
  const found = {
    our,
    screen,
    setups: own.map(({ setup }) => setup),
    faults: [],
    reason: null,
    others: setups.records.flatMap((setup) => (whose(setup) === 'anothers' ? [titleOf(setup)] : [])),
  }
  const unread = screen === null ? firstUnread(screens) : kept === undefined ? firstUnread(setups) : null
  if (unread !== null) return { ...found, state: 'unreadable', reason: unread }
  if (screen === null) return { ...found, state: 'not-offered' }
  if (kept === undefined) return { ...found, state: 'absent' }
  const faults = [...kept.faults, ...copiesFault(copies.length)]
  return { ...found, state: faults.length > 0 ? 'faulty' : 'installed', faults }
}

/** Screens are named in the singular or the plural, in any case. */
const isScreen = ({ screenId, name }: HostedScreen, screen: string): boolean =>
  [screenId, name].some((text) => text.trim().toLowerCase().replace(/s$/, '') === screen)

const titleOf = ({ id, description }: HostedSetup): string => description || `hosted API entry ${id}`

function firstUnread({ unreadable: [first] }: Listed<unknown>): string | null {
  return first === undefined ? null : `${first.record} cannot be read: ${first.reason}`
}

/** The title is the partner's to choose, so that another one is no fault. */
function faultsOf(
  setup: HostedSetup,
  our: OurPod,
  screen: HostedScreen | null,
  { screens }: FoundLists,
  owner: PodOwner,
): PodFault[] {
  const wanted = setupOf(owner, our)
  const faults: (PodFault | null)[] = [
    setup.url === wanted.url ? null : { code: 'address', message: addressFault(setup.url, wanted.url) },
    setup.origin === wanted.origin ? null : { code: 'origin', message: originFault(setup, wanted.origin) },
    screen === null || setup.screenId === screen.id
      ? null
      : { code: 'screen', message: screenFault(setup, screens, screen) },
    setup.type === wanted.type
      ? null
      : { code: 'type', message: `It is shown as ${setup.type || 'nothing'} instead of ${wanted.type}.` },
    setup.disabled
      ? { code: 'disabled', message: 'It is disabled, so that ConnectWise does not show it.' }
      : null,
    wanted.podHeight === undefined || setup.podHeight === wanted.podHeight
      ? null
      : { code: 'height', message: heightFault(setup.podHeight, wanted.podHeight) },
  ]
  return faults.filter((fault) => fault !== null)
}

function addressFault(url: string, wanted: string): string {
  const origin = URL.parse(url)?.origin ?? url
  const ours = new URL(wanted).origin
  return origin === ours
    ? 'Its URL lacks something of what the pod must be told, so that it may show nothing.'
    : `It opens ${origin}, but Prism Pod is at ${ours}.`
}

const originFault = ({ origin }: HostedSetup, wanted: string): string =>
  `Its Origin is ${origin === '' ? 'empty' : origin} instead of ${wanted}, so that ConnectWise and the pod cannot talk to each other.`

function screenFault({ screenId }: HostedSetup, screens: Listed<HostedScreen>, wanted: HostedScreen): string {
  const name = screens.records.find(({ id }) => id === screenId)?.name ?? `number ${screenId ?? 'unknown'}`
  return `It is on the screen ${name} instead of ${wanted.name}.`
}

const heightFault = (height: number | undefined, wanted: number): string =>
  `It is ${height === undefined ? 'of no height' : `${height} pixels high`} instead of ${wanted}.`

function copiesFault(copies: number): PodFault[] {
  if (copies === 0) return []
  const message = copies === 1 ? 'It is there twice.' : `It is there ${copies + 1} times.`
  return [{ code: 'copies', message: `${message} One stays, what is too much is removed.` }]
}
