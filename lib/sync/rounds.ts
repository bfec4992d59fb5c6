/** The rounds of one month of a run as they are stored: what was meant before it is sent, and how the month ended. */
import type { Database } from '#db/client.ts'
import { changesOfItem } from '#db/ledger/changes.ts'
import type { Invoice } from '#db/prism/invoices.ts'
import { endRound, type RoundEnd, storeRound } from '#db/runs/run-periods.ts'
import type { HeldBack } from '#lib/billing/held-back.ts'
import { simulate } from '#lib/billing/simulate.ts'
import { invoicedThrough } from '#lib/billing/timeline.ts'
import { sentTogether } from '#lib/billing/together.ts'
import type { Change, Finding, PeriodPlan, Situation } from '#lib/billing/types.ts'
import { notProved } from '#lib/ledger/findings.ts'
import type { Lease } from '#lib/ledger/lease.ts'
import { failedIn, outcomeOf, type PeriodOutcome, type SubscriptionOutcome } from '#lib/ledger/outcome.ts'
import { outcomeOfPeriod } from '#lib/ledger/outcomes.ts'
import type { AgreementState } from './agreement-state.ts'
import type { SyncContext } from './context.ts'
import type { Stop } from './stop.ts'

export interface MonthInput {
  readonly runId: string
  readonly agreementId: number
  /** The customers that sync. */
  readonly tenantIds: readonly string[]
  readonly invoice: Invoice
  /** Earlier ones that are read with it. */
  readonly earlier?: readonly Invoice[]
  readonly meaning: Meaning
  readonly heldBack: HeldBack
  readonly lease: Lease
  /** As it was read before the sync's first month. */
  readonly state?: AgreementState | undefined
  /** Whether nothing was written by this job so far: it gets one write done, however late it is. */
  readonly isFirst: boolean
  /** Where the run has no round of the month yet. */
  readonly isNew?: boolean
  /**
   * Stores how far its subscriptions are, in the transaction that ends the month: a process that dies leaves it either open, to be
   * gone on with, or ended and recorded.
   */
  readonly record: (tx: Database, month: Pick<SyncedMonth, 'situation' | 'outcome'>) => Promise<void>
}

/** What is meant of a month: what is written, and what is remembered before that. */
export interface Meaning {
  readonly plan: (db: Database, situation: Situation) => Promise<PeriodPlan> | PeriodPlan
  readonly remember: (tx: Database, situation: Situation, meant: PeriodPlan) => Promise<void>
}

export interface SyncedMonth {
  /** As it was read last. */
  readonly situation: Situation
  readonly outcome: PeriodOutcome
  readonly end: Exclude<RoundEnd, 'sent' | 'settled' | 'time'>
  /** Where somebody stopped it. */
  readonly stop?: Stop
}

const isAdoption = (change: Change): boolean => change.kind === 'keep' && change.lots !== undefined

type Failed = NonNullable<Situation['failed']>
type Left = Pick<SyncedMonth, 'situation'> & { readonly outcome?: PeriodOutcome | undefined }

/** The rounds of one month of a run, as they are stored. */
export class Month {
  /** The round that is stored last; 0 before the first. */
  round = 0
  rounds = 0
  wholeRounds = 0
  failed: Failed = {}
  readonly #ctx: SyncContext
  readonly #input: MonthInput

  constructor(ctx: SyncContext, input: MonthInput) {
    this.#ctx = ctx
    this.#input = input
  }

  get #key() {
    const { runId, agreementId, invoice } = this.#input
    return { runId, agreementId, period: invoice.period }
  }

  async read(db: Database = this.#ctx.db): Promise<void> {
    const known = await outcomeOfPeriod(db, this.#ctx.organisationId, this.#key)
    if (known === null) return
    this.round = known.rounds.at(-1)?.round ?? 0
    this.rounds = known.rounds.filter(({ end }) => end !== 'time').length
    this.wholeRounds = known.rounds.filter(({ end }) => end === 'sent').length
    this.failed = failedIn(known.outcome)
  }

  /** Remembers what is meant, before anything of it is sent. */
  async store(situation: Situation, meant: PeriodPlan): Promise<void> {
    await this.#ctx.db.transaction((tx) => this.#store(tx, situation, meant, null))
  }

  async end(by: RoundEnd, db: Database = this.#ctx.db): Promise<void> {
    await endRound(db, this.#ctx.organisationId, { ...this.#key, round: this.round }, by)
  }

  /** Nothing is left to write. @param adopt notes what is ours from now on */
  async prove(situation: Situation, empty: PeriodPlan, adopt: () => Promise<unknown>): Promise<SyncedMonth> {
    const hasAdoptions = empty.subscriptions.some(({ changes }) => changes.some(isAdoption))
    if (hasAdoptions) {
      await this.store(situation, empty)
      await adopt()
    }
    return this.#ended('proved', async (tx) => {
      if (hasAdoptions) await this.end('proved', tx)
      else await this.#store(tx, situation, empty, 'proved')
      const { period, invoiceId } = empty
      const only = {
        period,
        invoiceId,
        round: this.round,
        format: 'plan',
        plan: empty,
        end: 'proved',
      } as const
      // Nothing was sent of it, so that the ledger has nothing to add.
      const outcome = this.rounds === 1 && !hasAdoptions ? outcomeOf([only], []) : undefined
      return { situation, outcome }
    })
  }

  /** What was written twice is still to be written. */
  async notProved(situation: Situation, left: PeriodPlan): Promise<SyncedMonth> {
    const failed: Record<string, Finding[]> = {}
    for (const row of left.subscriptions) {
      const count = row.changes.filter(({ kind }) => kind !== 'keep').length
      if (count > 0) failed[sentTogether(row)] = [notProved(count)]
    }
    return this.#ended('not-proved', (tx) => this.#leave(tx, 'not-proved', situation, failed))
  }

  /** Ends the month before it is proved; `finding` says why of the rows it concerns. */
  async close(
    by: SyncedMonth['end'],
    situation: Situation,
    isConcerned: (row: SubscriptionOutcome) => boolean,
    finding: Finding,
  ): Promise<SyncedMonth> {
    const { organisationId } = this.#ctx
    return this.#ended(by, async (tx) => {
      await this.end(by, tx)
      const rows = await changesOfItem(tx, organisationId, this.#key)
      const done = rows.flatMap(({ round, outcome, intent }) =>
        round === this.round && outcome === 'done' && intent.kind !== 'updateCatalogItem' ? [intent] : [],
      )
      const { subscriptions } = await this.#outcome(tx)
      const concerned = subscriptions.filter((row) => row.status !== 'Error' && isConcerned(row))
      const failed = Object.fromEntries(concerned.map((row) => [sentTogether(row), [finding]]))
      return this.#leave(tx, by, { ...situation, ...simulate(situation, done) }, failed)
    })
  }

  /** Ends the month and records it, all or nothing. @param store gives the situation as it is left, and the outcome where it knows it */
  async #ended(end: SyncedMonth['end'], store: (tx: Database) => Promise<Left>): Promise<SyncedMonth> {
    return this.#ctx.db.transaction(async (tx) => {
      const left = await store(tx)
      const { situation, outcome = await this.#outcome(tx) } = left
      await this.#input.record(tx, { situation, outcome })
      return { situation, outcome, end }
    })
  }

  /** Stores what is left, with the amounts as ConnectWise holds them. */
  async #leave(tx: Database, by: RoundEnd, situation: Situation, failed: Failed): Promise<Left> {
    await this.read(tx)
    const left = await this.#input.meaning.plan(tx, { ...situation, failed: { ...failed, ...this.failed } })
    await this.#store(tx, situation, left, by)
    return { situation }
  }

  async #store(tx: Database, situation: Situation, meant: PeriodPlan, end: RoundEnd | null): Promise<void> {
    const all = [...situation.additions, ...(situation.unreadableAdditions ?? [])]
    const knownAdditionIds = all.map(({ id }) => id).filter((id) => id !== null)
    await this.#input.meaning.remember(tx, situation, meant)
    this.round += 1
    this.rounds += 1
    const key = { ...this.#key, round: this.round }
    const through = invoicedThrough(situation.agreement)
    await storeRound(tx, this.#ctx.organisationId, key, {
      plan: meant,
      knownAdditionIds,
      invoicedThrough: through,
      end,
    })
  }

  async #outcome(tx: Database): Promise<PeriodOutcome> {
    const known = await outcomeOfPeriod(tx, this.#ctx.organisationId, this.#key)
    if (known === null) throw new Error('A stored round is not there')
    return known.outcome
  }
}
