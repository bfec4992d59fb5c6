/** What is shared while one period is applied: whether it still may write, and how far it is. */
import { noteItemProgress } from '#db/runs/run-progress.ts'
import type { AppliedChange, Outcome } from '#db/values.ts'
import { changesOf } from '#lib/billing/plan.ts'
import type { Change, PeriodPlan } from '#lib/billing/types.ts'
import type { Writing } from '#lib/ledger/write.ts'
import type { SyncContext } from './context.ts'
import { type Stop, stopOf } from './stop.ts'

/** Why not everything was sent: ConnectWise left a write unanswered, or a person asked to stop. */
export type Interruption = { readonly by: 'unknown' } | { readonly by: 'stop'; readonly stop: Stop }

export class Work {
  readonly writing: Writing
  readonly #ctx: SyncContext
  /** The customers that sync. */
  readonly #tenantIds: readonly string[]
  interrupted: Interruption | null = null
  /** Planned writes that are behind it and not noted yet. */
  #passed = 0

  constructor(ctx: SyncContext, writing: Omit<Writing, 'ctx'>, tenantIds: readonly string[]) {
    this.#ctx = ctx
    this.writing = { ctx, ...writing }
    this.#tenantIds = tenantIds
  }

  /** Whether the next write may go out; a stop that a person asked for is honoured here, after the write in flight. */
  async mayWrite(): Promise<boolean> {
    if (this.interrupted !== null) return false
    const { about } = this.writing
    const stop = await stopOf(this.#ctx, { ...about, tenantIds: this.#tenantIds })
    if (stop !== null) this.interrupted = { by: 'stop', stop }
    return stop === null
  }

  /** The plan that begins has so many writes. */
  async begin(planned: number): Promise<void> {
    if (planned > 0) await this.#note({ planned })
  }

  /** Of what is planned one write more is behind it: done, refused, or not sent. */
  pass(): void {
    this.#passed += 1
  }

  async noteWrite(doing: string): Promise<void> {
    await this.#note({ doing })
  }

  async end(): Promise<void> {
    if (this.#passed > 0) await this.#note({})
  }

  async #note(note: { readonly doing?: string; readonly planned?: number }): Promise<void> {
    const { ctx, about } = this.writing
    await noteItemProgress(ctx.db, ctx.organisationId, about.runId, about.agreementId, {
      ...note,
      passed: this.#passed,
    })
    this.#passed = 0
  }
}

/** How many requests a plan means to send. */
export const writesOf = (period: PeriodPlan): number =>
  changesOf(period).filter((change) => change.kind !== 'keep').length

export const applied = (
  change: Change,
  outcome: Outcome,
  rest: Partial<AppliedChange> = {},
): AppliedChange => ({
  change,
  outcome,
  additionId: 'additionId' in change ? change.additionId : null,
  message: null,
  ...rest,
})

export const skuKey = (sku: string): string => sku.trim().toLowerCase()
