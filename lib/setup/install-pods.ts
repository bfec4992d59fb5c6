/**
 * Installing our pods in ConnectWise through its hosted-setup resource, repairing and removing them (H5;
 * docs/facts/host-api.md, "Installing").
 */
import { setTimeout as pause } from 'node:timers/promises'
import { ProductError } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import { ConnectWiseError } from '#lib/connectwise/errors.ts'
import type { ConnectWiseClient, HostedSetup, HostedSetupDraft } from '#lib/connectwise/values.ts'
import { type OurPod, type PodName, type PodOwner, setupOf } from './our-pods.ts'
import { inPodWords, podTrouble } from './pod-trouble.ts'
import { type FoundPod, podsFound } from './pods-found.ts'

export interface PodsContext extends PodOwner {
  readonly connectWise: Pick<
    ConnectWiseClient,
    | 'test'
    | 'hostedScreens'
    | 'hostedSetups'
    | 'createHostedSetup'
    | 'updateHostedSetup'
    | 'deleteHostedSetup'
  >
  /** Of ConnectWise's developer programme: a new setup needs it where none is set yet. */
  readonly clientId: string | null
  /** Throws where somebody else has begun meanwhile; asked before each write. */
  readonly mayWrite: () => Promise<void>
}

export interface InstalledPod {
  readonly pod: PodName
  readonly screen: OurPod['screen']
  /**
   * `missing`: this ConnectWise does not offer the screen; `unreadable`: what may be the screen or our pod cannot be read, so
   * that no second one was made.
   */
  readonly state: 'created' | 'updated' | 'unchanged' | 'missing' | 'unreadable'
  /** Of `unreadable`: what, and why. */
  readonly reason?: string
}

export interface RemovedPod {
  readonly pod: PodName
  readonly screen: OurPod['screen']
  /** How many of ours were there. */
  readonly removed: number
}

/** What was done, and what ended it early. */
export interface PodsDone<T> {
  readonly pods: readonly T[]
  readonly failure: { readonly pod: PodName; readonly error: ProductError } | null
}

interface Wanted {
  readonly pods: readonly PodName[]
}

/** Throws what `inPodWords` does. */
export const lookAtPods = ({ ctx }: { ctx: Omit<PodsContext, 'mayWrite'> }): Promise<FoundPod[]> =>
  inPodWords(ctx.connectWise, () => look(ctx))

async function look(ctx: Omit<PodsContext, 'mayWrite'>): Promise<FoundPod[]> {
  const [screens, setups] = await Promise.all([
    ctx.connectWise.hostedScreens(),
    ctx.connectWise.hostedSetups(),
  ])
  return podsFound({ screens, setups }, ctx)
}

/** Creates or repairs each pod, never a second one of the same; run again, it changes nothing. Throws as `lookAtPods`. */
export async function installPods({
  ctx,
  input,
}: {
  ctx: PodsContext
  input: Wanted
}): Promise<PodsDone<InstalledPod>> {
  const done = await eachOf(ctx, input, (found) => install(ctx, found))
  const written = done.pods.filter(({ state }) => state === 'created' || state === 'updated')
  await untilShown(ctx, written, ({ state }) => state === 'installed')
  return done
}

/** Deletes ours and nothing else; what is not there is removed. Throws as `lookAtPods`. */
export async function removePods({
  ctx,
  input,
}: {
  ctx: PodsContext
  input: Wanted
}): Promise<PodsDone<RemovedPod>> {
  const done = await eachOf(ctx, input, async ({ our: { pod, screen }, setups }) => {
    for (const { id } of setups) await remove(ctx, id)
    return { pod, screen, removed: setups.length }
  })
  const written = done.pods.filter(({ removed }) => removed > 0)
  await untilShown(ctx, written, ({ setups }) => setups.length === 0)
  return done
}

/** One after the other, as ConnectWise lists them now; the first failure ends it, and what was done before it counts. */
async function eachOf<T>(
  ctx: PodsContext,
  { pods }: Wanted,
  write: (found: FoundPod) => Promise<T>,
): Promise<PodsDone<T>> {
  const found = await lookAtPods({ ctx })
  const done: T[] = []
  for (const each of found.filter(({ our }) => pods.includes(our.pod))) {
    try {
      done.push(await write(each))
    } catch (error) {
      const trouble = await podTrouble(ctx.connectWise, error)
      if (!(trouble instanceof ProductError)) throw trouble
      return { pods: done, failure: { pod: each.our.pod, error: trouble } }
    }
  }
  return { pods: done, failure: null }
}

async function install(ctx: PodsContext, found: FoundPod): Promise<InstalledPod> {
  const { our, state, screen, setups, faults, reason } = found
  const named = { pod: our.pod, screen: our.screen }
  if (state === 'unreadable') return { ...named, state, ...(reason === null ? {} : { reason }) }
  if (screen === null) return { ...named, state: 'missing' }
  if (state === 'installed') return { ...named, state: 'unchanged' }
  const draft: HostedSetupDraft = { screenId: screen.id, ...setupOf(ctx, our) }
  const [kept, ...copies] = setups
  const isRight = faults.every(({ code }) => code === 'copies')
  const isThere = kept !== undefined && (isRight || (await repair(ctx, kept, draft)))
  if (!isThere) {
    await ctx.mayWrite()
    await ctx.connectWise.createHostedSetup({ ...draft, ...clientIdOf(ctx) })
  }
  for (const { id } of copies) await remove(ctx, id)
  return { ...named, state: isThere ? 'updated' : 'created' }
}

const LONGEST_CLIENT_ID = 36
const clientIdOf = ({ clientId }: PodsContext) =>
  clientId === null || clientId.length > LONGEST_CLIENT_ID ? {} : { clientId }

/** False where somebody removed it meanwhile. */
async function repair(ctx: PodsContext, setup: HostedSetup, draft: HostedSetupDraft): Promise<boolean> {
  await ctx.mayWrite()
  const description = setup.description || draft.description
  return unlessGone(() => ctx.connectWise.updateHostedSetup(setup.id, { ...draft, description }))
}

async function remove(ctx: PodsContext, id: number): Promise<void> {
  await ctx.mayWrite()
  await unlessGone(() => ctx.connectWise.deleteHostedSetup(id))
}

async function unlessGone(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    if (error instanceof ConnectWiseError && error.outcome === 'refused' && error.status === 404) return false
    throw error
  }
}

const SHOWN_TRIES = 20
const SHOWN_GAP_MS = 500

/**
 * Waits until ConnectWise's lists show what was written, so that whoever looks or presses next sees it: a read may be older
 * than a write (docs/facts/connectwise.md, "Reading after a write"). After that it goes on all the same.
 */
async function untilShown(
  ctx: PodsContext,
  written: readonly { readonly pod: PodName }[],
  isShown: (found: FoundPod) => boolean,
): Promise<void> {
  if (written.length === 0) return
  const names = written.map(({ pod }) => pod)
  try {
    for (let tried = 1; tried <= SHOWN_TRIES; tried += 1) {
      const found = await look(ctx)
      if (found.filter(({ our }) => names.includes(our.pod)).every(isShown)) return
      await pause(SHOWN_GAP_MS)
    }
  } catch (error) {
    // It was written; whether it is shown the next look tells.
    log.warn('pods-not-looked-at', { error })
  }
}
