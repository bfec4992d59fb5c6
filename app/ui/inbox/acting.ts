/** What the inbox is given by the page or the pod that it stands on. */
import type { ShownAction, ShownItem } from '#app/api/schemas/inbox.ts'
import type { CallApi } from '#app/hooks/endpoint.ts'
import { type AskedRow, askedRow } from '#app/ui/plan/asked-row.ts'
import type { PeriodPlan } from '#app/ui/plan/shown.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import { type Follows, followsText } from '#lib/billing/sync-follows.ts'

export interface Acting {
  /** Our own API, as the standalone site calls it or as a pod does. */
  readonly call: CallApi
  readonly currency: string
  /** What a yes would send, read when it is asked for; `null`: the sync is there no more. */
  readonly rowOf: (item: ShownItem) => Promise<AskedRow | null>
  /** Where more of an item is to be seen; `null`: here. */
  readonly placeOf: ((item: ShownItem) => string | null) | null
  /** Something was answered. @param runId the sync that it started; `null`: none */
  readonly onAnswered: (said: string, runId: string | null) => void
}

/** The row of the plans that an item is about, as long as it waits; `null`: there is none. */
export function rowAmong(
  plans: readonly Pick<PeriodPlan, 'period' | 'subscriptions'>[],
  { of, months }: ShownItem,
): AskedRow | null {
  const plan = plans.find(({ period }) => period === months?.from)
  const row = plan?.subscriptions.find(
    (each) => subscriptionKey(each.subscriptionId) === of.subscription?.id && each.waits !== undefined,
  )
  return plan === undefined || row === undefined ? null : askedRow(plan.period, row)
}

/** Pressed at once: nothing is decided by it, and it can be done again. */
export const isPlain = ({ decides, choose, id }: ShownAction): boolean =>
  !decides && choose === null && id !== 'turn-away'

export interface Performed {
  /** The sync that it started; `null`: none. */
  readonly runId: string | null
  /** What becomes of it, where that is told: a sentence, or nothing. */
  readonly follows: string
}

/** The contracts name what an action calls, and give it whole: its parts are not looked at once more. */
export async function perform(
  { call }: Pick<Acting, 'call'>,
  { endpoint, path, query, body, choose }: ShownAction,
  chosen: string,
): Promise<Performed> {
  const given = { path, query, body: body === null ? undefined : { ...body, ...choiceOf(choose, chosen) } }
  const reply: unknown = await call(endpoint as 'POST /api/runs/{id}/confirm', given as never)
  if (typeof reply !== 'object' || reply === null) return { runId: null, follows: '' }
  return {
    runId: 'runId' in reply && typeof reply.runId === 'string' ? reply.runId : null,
    follows: 'follows' in reply ? followsText[reply.follows as Follows] : '',
  }
}

/** What stands above the list once something is done. */
export const doneText = (text: string, follows: string): string =>
  [`${text}: done.`, follows].filter(Boolean).join(' ')

/** What was chosen, as the body has it. */
const choiceOf = (choose: ShownAction['choose'], chosen: string): Record<string, string | number> =>
  choose === null ? {} : { [choose.field]: choose.from === 'one-time-agreements' ? Number(chosen) : chosen }
