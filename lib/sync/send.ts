/** Send: carries one round's plan out, one recorded change at a time. It decides nothing but when to stop. */
import { noteItemProgress, noteUnlessStopped } from '#db/runs/run-progress.ts'
import { explainChange } from '#lib/billing/explain.ts'
import { type SkuKey, skuKey, subscriptionKey } from '#lib/billing/keys.ts'
import { changesOf } from '#lib/billing/plan.ts'
import { sentTogether } from '#lib/billing/together.ts'
import type { AdditionWrite, Change, PeriodPlan, SubscriptionPlan } from '#lib/billing/types.ts'
import { isTimeUp } from '#lib/intake/context.ts'
import type { Lease } from '#lib/ledger/lease.ts'
import { noteAdoption, type Writing, writeAddition } from '#lib/ledger/write.ts'
import { createCatalogItem } from './catalog-items.ts'
import type { SyncContext } from './context.ts'
import { type Stop, whyStopped } from './stop.ts'

/** How sending a plan ended: all of it was sent (what failed aside), or why not. */
export type Sent = { readonly by: 'sent' | 'unknown' | 'time' } | { readonly by: 'stop'; readonly stop: Stop }

export interface SendInput {
  readonly runId: string
  readonly agreementId: number
  readonly round: number
  readonly plan: PeriodPlan
  /** The customers that sync; where one of them does not any more, it ends (F16). */
  readonly tenantIds: readonly string[]
  readonly lease: Lease
  /** Whether one write may go out however late it is, so that every job gets something done. */
  readonly mayBeLate: boolean
}

export const send = async (ctx: SyncContext, input: SendInput): Promise<Sent> => {
  const { plan } = input
  const sending = new Sending(ctx, input)
  await sending.begin(writesOf(plan))
  /** By SKU; `null`: it could not be created. */
  const items = new Map<SkuKey, number | null>()
  for (const [position, change] of plan.catalogItems.entries()) {
    if (!(await sending.mayWrite(`Creating product ${change.sku}`))) break
    const created = await createCatalogItem(sending.writing, position, change)
    sending.passed()
    if (created === 'unknown') sending.end = { by: 'unknown' }
    else items.set(skuKey(change.sku), created)
  }
  const stopped = new Set<string>()
  let position = plan.catalogItems.length
  for (const row of plan.subscriptions) {
    if (lacksItem(row, items)) stopped.add(sentTogether(row))
    for (const change of row.changes) {
      if (!stopped.has(sentTogether(row))) {
        const isDone = await sendOne(sending, position, row, withItem(change, items))
        if (!isDone) stopped.add(sentTogether(row))
      }
      if (change.kind !== 'keep') sending.passed()
      position += 1
    }
  }
  await sending.finish()
  return sending.end ?? { by: 'sent' }
}

/** How many requests a plan means to send. */
export const writesOf = (plan: PeriodPlan): number =>
  changesOf(plan).filter(({ kind }) => kind !== 'keep').length

const sendOne = async (
  sending: Sending,
  position: number,
  { subscriptionId }: SubscriptionPlan,
  change: Change,
): Promise<boolean> => {
  const id = subscriptionKey(subscriptionId)
  if (change.kind === 'createCatalogItem') throw new Error('A catalog item is no change of a subscription')
  if (change.kind === 'keep') {
    if (change.lots) await noteAdoption(sending.writing, position, id, change)
    return true
  }
  if (isUnnamed(change) || !(await sending.mayWrite(explainChange(change)))) return false
  const { outcome } = await writeAddition(sending.writing, position, id, change)
  if (outcome === 'unknown') sending.end = { by: 'unknown' }
  return outcome === 'done'
}

/** A draft whose catalog item was not created because the sync was interrupted before. */
const isUnnamed = (change: AdditionWrite): boolean =>
  change.kind === 'create' && change.addition.catalogItemId === null

const lacksItem = ({ changes }: SubscriptionPlan, items: ReadonlyMap<SkuKey, number | null>): boolean =>
  changes.some(
    (change) =>
      change.kind === 'create' &&
      change.addition.catalogItemId === null &&
      items.get(skuKey(change.addition.sku)) === null,
  )

/** A draft with the id of the catalog item that was created for it. */
const withItem = (change: Change, items: ReadonlyMap<SkuKey, number | null>): Change =>
  change.kind === 'create' && change.addition.catalogItemId === null
    ? {
        ...change,
        addition: { ...change.addition, catalogItemId: items.get(skuKey(change.addition.sku)) ?? null },
      }
    : change

/** What is shared while one plan is sent: whether it still may write, and how far it is (G5). */
class Sending {
  readonly writing: Writing
  /** Why it ends early; `null` while nothing stands against the next write. */
  end: Sent | null = null
  readonly #ctx: SyncContext
  readonly #input: SendInput
  /** Planned writes that are behind it and not noted yet. */
  #passed = 0
  #mayBeLate: boolean

  constructor(ctx: SyncContext, input: SendInput) {
    const { runId, agreementId, round, lease } = input
    const { period, invoiceId } = input.plan
    this.#ctx = ctx
    this.#input = input
    this.#mayBeLate = input.mayBeLate
    this.writing = { ctx, lease, about: { agreementId, runId, period, invoiceId, round } }
  }

  /**
   * Whether the next write may go out; a stop that a person asked for is honoured here, after the write in flight.
   * @param doing what it is, noted where it may
   */
  async mayWrite(doing: string): Promise<boolean> {
    if (this.end !== null) return false
    if (!this.#mayBeLate && isTimeUp(this.#ctx)) this.end = { by: 'time' }
    this.#mayBeLate = false
    const stop = this.end === null ? await this.#stopOrNote(doing) : null
    if (stop !== null) this.end = { by: 'stop', stop }
    return this.end === null
  }

  async #stopOrNote(doing: string): Promise<Stop | null> {
    const { db, organisationId, program } = this.#ctx
    const note = { doing, passed: this.#passed }
    if (!(await noteUnlessStopped(db, organisationId, program.slug, this.#input, note)))
      return whyStopped(this.#ctx, this.#input)
    this.#passed = 0
    return null
  }

  /** The plan that begins has so many writes. */
  async begin(planned: number): Promise<void> {
    if (planned > 0) await this.#store({ planned })
  }

  /** Of what is planned one write more is behind it: done, refused, or not sent. */
  passed(): void {
    this.#passed += 1
  }

  async finish(): Promise<void> {
    if (this.#passed > 0) await this.#store({})
  }

  async #store(note: { readonly planned?: number }): Promise<void> {
    const { runId, agreementId } = this.#input
    const { db, organisationId } = this.#ctx
    await noteItemProgress(db, organisationId, runId, agreementId, { ...note, passed: this.#passed })
    this.#passed = 0
  }
}
