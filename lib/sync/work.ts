/** What is shared while one period is applied: whether it still may write, and how far it is. */
import { stopRequestedBy, updateItem } from '#db/queries/runs.ts'
import type { AppliedChange, Outcome } from '#db/values.ts'
import type { Change } from '#lib/billing/types.ts'
import type { Writing } from './write.ts'

/** Why not everything was sent: ConnectWise left a write unanswered, or a person asked to stop. */
export type Interruption = { readonly by: 'unknown' } | { readonly by: 'stop'; readonly person: string }

export class Work {
  readonly writing: Writing
  interrupted: Interruption | null = null
  #done = 0

  constructor(writing: Writing) {
    this.writing = writing
  }

  /** Whether the next write may go out; a stop that a person asked for is honoured here, after the write in flight. */
  async mayWrite(): Promise<boolean> {
    if (this.interrupted !== null) return false
    const { ctx, about } = this.writing
    const person = await stopRequestedBy(ctx.db, ctx.organisationId, about.runId)
    if (person !== null) this.interrupted = { by: 'stop', person }
    return person === null
  }

  async noteWrite(doing: string): Promise<void> {
    const { ctx, about } = this.writing
    this.#done += 1
    await updateItem(ctx.db, ctx.organisationId, about.runId, about.agreementId, {
      doing,
      changesDone: this.#done,
    })
  }
}

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
