/** The rounds of one month of a run as they are stored: what was meant before it is sent, and how the month ended. */
import type { Database } from '#db/client.ts'
import { changesOfItem } from '#db/ledger/changes.ts'
import { endRound, type RoundEnd, roundsBegun, storeRound } from '#db/runs/run-periods.ts'
import { invoicedThrough } from '#lib/billing/timeline.ts'
import { sentTogether } from '#lib/billing/together.ts'
import type { Change, Finding, Period, PeriodPlan, Situation } from '#lib/billing/types.ts'
import { notProved } from '#lib/ledger/findings.ts'
import { failedIn, outcomeOf, type PeriodOutcome, type SubscriptionOutcome } from '#lib/ledger/outcome.ts'
import { outcomeOfPeriod } from '#lib/ledger/outcomes.ts'
import type { SyncContext } from './context.ts'
import type { Stop } from './stop.ts'

/** What every plan is made from, of a month or of an annual invoice. */
export type Read = Pick<Situation, 'agreement' | 'additions' | 'unreadableAdditions' | 'owned' | 'catalog'>

/** A month, or an annual invoice, of one agreement of a run. */
export interface Rounded<S extends Read> {
  readonly runId: string
  readonly agreementId: number
  readonly kind: 'month' | 'annual'
  readonly period: Period
  /** Of an annual invoice PRISM's id. */
  readonly invoiceId: string
  readonly meaning: Meaning<S>
  /**
   * Stores how far its subscriptions are, in the transaction that ends the month: a process that dies leaves it either open, to be
   * gone on with, or ended and recorded.
   */
  readonly record: (tx: Database, month: Pick<SyncedMonth<S>, 'situation' | 'outcome'>) => Promise<void>
}

/** What is meant of a month: what it is planned from, what is written, and what is remembered before that. */
export interface Meaning<S extends Read = Situation> {
  /** @param earlier of the round before: what of it cannot have changed is not read again */
  readonly collect: (failed: Failed, earlier: S | undefined) => Promise<S>
  readonly plan: (db: Database, situation: S) => Promise<PeriodPlan> | PeriodPlan
  readonly remember: (tx: Database, situation: S, meant: PeriodPlan) => Promise<void>
  /** The situation once these changes are done. */
  readonly after: (situation: S, done: readonly Change[]) => S
  /** The situation in which this failed. */
  readonly failing: (situation: S, failed: Failed) => S
  /** Rounds that were sent as a whole before a plan that is still not empty is an Error; a correction is a round of its own. */
  readonly mostWholeRounds: (situation: S) => number
}

export interface SyncedMonth<S extends Read = Situation> {
  /** As it was read last. */
  readonly situation: S
  readonly outcome: PeriodOutcome
  readonly end: Exclude<RoundEnd, 'sent' | 'settled' | 'time'>
  /** Where somebody stopped it. */
  readonly stop?: Stop
}

const isAdoption = (change: Change): boolean => change.kind === 'keep' && change.lots !== undefined

export type Failed = NonNullable<Situation['failed']>
type Left<S extends Read> = Pick<SyncedMonth<S>, 'situation'> & {
  readonly outcome?: PeriodOutcome | undefined
}

/** The rounds of one month of a run, as they are stored. */
export class Month<S extends Read> {
  /** The round that is stored last; 0 before the first. */
  round = 0
  rounds = 0
  wholeRounds = 0
  failed: Failed = {}
  readonly #ctx: SyncContext
  readonly #input: Rounded<S>

  constructor(ctx: SyncContext, input: Rounded<S>) {
    this.#ctx = ctx
    this.#input = input
  }

  get #key() {
    const { runId, agreementId, period } = this.#input
    return { runId, agreementId, period }
  }

  get #plan() {
    const { kind, invoiceId } = this.#input
    return kind === 'annual' ? { ...this.#key, annualInvoiceId: invoiceId } : this.#key
  }

  async read(db: Database = this.#ctx.db): Promise<void> {
    const { organisationId } = this.#ctx
    // Annual invoices of one month number their rounds together.
    const begun = await roundsBegun(db, organisationId, this.#key)
    this.round = begun.findLast(({ period }) => period === this.#key.period)?.round ?? 0
    const known = await outcomeOfPeriod(db, organisationId, this.#plan)
    if (known === null) return
    this.rounds = known.rounds.filter(({ end }) => end !== 'time').length
    this.wholeRounds = known.rounds.filter(({ end }) => end === 'sent').length
    this.failed = failedIn(known.outcome)
  }

  /** Remembers what is meant, before anything of it is sent. */
  async store(situation: S, meant: PeriodPlan): Promise<void> {
    await this.#ctx.db.transaction((tx) => this.#store(tx, situation, meant, null))
  }

  async end(by: RoundEnd, db: Database = this.#ctx.db): Promise<void> {
    await endRound(db, this.#ctx.organisationId, { ...this.#key, round: this.round }, by)
  }

  /** Nothing is left to write. @param adopt notes what is ours from now on */
  async prove(situation: S, empty: PeriodPlan, adopt: () => Promise<unknown>): Promise<SyncedMonth<S>> {
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
        kind: this.#input.kind,
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
  async notProved(situation: S, left: PeriodPlan): Promise<SyncedMonth<S>> {
    const failed: Record<string, Finding[]> = {}
    for (const row of left.subscriptions) {
      const count = row.changes.filter(({ kind }) => kind !== 'keep').length
      if (count > 0) failed[sentTogether(row)] = [notProved(count)]
    }
    return this.#ended('not-proved', (tx) => this.#leave(tx, 'not-proved', situation, failed))
  }

  /** Ends the month before it is proved; `finding` says why of the rows it concerns. */
  async close(
    by: SyncedMonth<S>['end'],
    situation: S,
    isConcerned: (row: SubscriptionOutcome) => boolean,
    finding: Finding,
  ): Promise<SyncedMonth<S>> {
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
      return this.#leave(tx, by, situation, failed, done)
    })
  }

  /** Ends the month and records it, all or nothing. @param store gives the situation as it is left, and the outcome where it knows it */
  async #ended(
    end: SyncedMonth<S>['end'],
    store: (tx: Database) => Promise<Left<S>>,
  ): Promise<SyncedMonth<S>> {
    return this.#ctx.db.transaction(async (tx) => {
      const left = await store(tx)
      const { situation, outcome = await this.#outcome(tx) } = left
      await this.#input.record(tx, { situation, outcome })
      return { situation, outcome, end }
    })
  }

  /** Stores what is left, with the amounts as ConnectWise holds them. */
  async #leave(
    tx: Database,
    by: RoundEnd,
    situation: S,
    failed: Failed,
    done: readonly Change[] = [],
  ): Promise<Left<S>> {
    await this.read(tx)
    const { meaning } = this.#input
    const after = done.length === 0 ? situation : meaning.after(situation, done)
    const left = await meaning.plan(tx, meaning.failing(after, { ...failed, ...this.failed }))
    await this.#store(tx, after, left, by)
    return { situation: after }
  }

  async #store(tx: Database, situation: S, meant: PeriodPlan, end: RoundEnd | null): Promise<void> {
    const all = [...situation.additions, ...(situation.unreadableAdditions ?? [])]
    const knownAdditionIds = all.map(({ id }) => id).filter((id) => id !== null)
    await this.#input.meaning.remember(tx, situation, meant)
    this.round += 1
    this.rounds += 1
    const key = { ...this.#key, round: this.round }
    const through = invoicedThrough(situation.agreement)
    await storeRound(tx, this.#ctx.organisationId, key, {
      kind: this.#input.kind,
      plan: meant,
      knownAdditionIds,
      invoicedThrough: through,
      end,
    })
  }

  async #outcome(tx: Database): Promise<PeriodOutcome> {
    const known = await outcomeOfPeriod(tx, this.#ctx.organisationId, this.#plan)
    if (known === null) throw new Error('A stored round is not there')
    return known.outcome
  }
}
