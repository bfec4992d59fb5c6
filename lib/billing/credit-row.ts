/** How the credits and adjustments of a subscription and product come out in a plan (credits.ts). */
import { type CountedAddition, hold, isCounted } from './additions.ts'
import type { IdentifiedLine } from './annual/line-identity.ts'
import { changedSinceBilled } from './billed-days.ts'
import type { Context, Group } from './context.ts'
import { billOfCredit } from './credit-lines.ts'
import { type CreditPart, changesOfParts, isFrozen } from './credit-parts.ts'
import {
  amount,
  isZeroPair,
  money,
  type Pair,
  quantity,
  subtractPair,
  sum,
  sumPairs,
  zero,
  zeroPair,
} from './decimal.ts'
import * as findings from './findings.ts'
import { heldAfter } from './own-additions.ts'
import { emptyReconciliation, invoicedTotal, reconcileAs, reconcileFailed } from './reconcile.ts'
import { billedBy, statusOf } from './subscription-row.ts'
import type { Change, Finding, Reconciliation, SubscriptionPlan, Term } from './types.ts'

/** The credits of one subscription and product. */
export interface CreditGroup extends Omit<Group, 'lines'> {
  readonly lines: readonly IdentifiedLine[]
  readonly parts: readonly CreditPart[]
}

export class CreditRow {
  readonly group: CreditGroup
  readonly invoiced: Pair
  readonly billedNow: Pair
  readonly #context: Context
  /** What is meant of it. */
  readonly changes: readonly Change[]

  /** @param planned what is meant of the subscription's other additions */
  constructor(context: Context, group: CreditGroup, planned: readonly Change[]) {
    this.group = group
    this.#context = context
    this.invoiced = invoicedTotal(group.lines.map(({ line }) => line))
    this.billedNow = sumPairs(group.parts.map((part) => billedBy(this.#heldNow(part), context.window)))
    this.changes = changesOfParts(context, { ...group, planned })
  }

  get isWriting(): boolean {
    return this.changes.some(({ kind }) => kind !== 'keep')
  }

  failed(found: readonly Finding[]): SubscriptionPlan {
    return this.#row({ findings: found, changes: this.#keeps(), ...this.#asFailed() })
  }

  leftAs(term: Term, finding: Finding): SubscriptionPlan {
    const reconciliation = reconcileAs(term, this.invoiced, this.billedNow)
    return this.#row({ findings: [finding], changes: this.#keeps(), reconciliation })
  }

  waiting(question: 'late' | 'first-sync', finding: Finding): SubscriptionPlan {
    const changes = this.changes.filter(({ kind }) => kind !== 'keep')
    return { ...this.leftAs('waiting', finding), waits: { question, changes } }
  }

  carried(): SubscriptionPlan {
    const { situation, window } = this.#context
    const { parts, lines } = this.group
    const frozen = parts.filter((part) => isFrozen(this.#context, part))
    const free = parts.filter((part) => !frozen.includes(part))
    const held = [
      ...frozen.flatMap((part) => this.#heldNow(part)),
      ...heldAfter(
        free.flatMap(({ addition }) => addition ?? []),
        this.changes.filter(
          (change) => !('additionId' in change) || free.some(({ id }) => id === change.additionId),
        ),
        situation.agreement,
      ).filter(isCounted),
    ]
    const due = sumPairs(lines.map(({ line }) => billOfCredit(line, window, situation.agreement)))
    const billed = billedBy(held, window)
    const whole = billedBy(
      held.map((each) => ({ ...each, billCustomer: 'Billable', lessIncluded: zero })),
      window,
    )
    const rest = subtractPair(due, whole)
    const isDrift = frozen.length > 0 && !isZeroPair(rest)
    const reconciliation: Reconciliation = {
      ...emptyReconciliation,
      invoiced: amount(this.invoiced),
      billed: amount(billed),
      notBilled: amount(subtractPair(whole, billed)),
      rounding: amount(subtractPair(this.invoiced, due)),
      unexplained: amount(isDrift ? zeroPair : rest),
      ...(isDrift ? { terms: { drift: amount(rest) } } : {}),
    }
    const found = [
      ...changedSinceBilled(
        this.#context,
        frozen.flatMap(({ billed: pieces }) => pieces),
        window.period,
      ),
      ...(isDrift ? [findings.creditBilled(window.period, money(rest.price))] : []),
      ...this.#edited(),
    ]
    return this.#row({ findings: found, changes: this.changes, reconciliation, held })
  }

  /** What somebody did to them in ConnectWise that is set right. */
  #edited(): Finding[] {
    const edited = this.changes.flatMap((change) =>
      change.kind === 'update' && change.reason.rule === 'credit' && !isZeroedByUs(change.before)
        ? [change.additionId]
        : [],
    )
    const again = this.changes.flatMap((change) =>
      change.kind === 'create'
        ? this.group.parts.filter(
            ({ carries, addition }) =>
              addition === null &&
              carries.charge === change.carries?.charge &&
              carries.ordinal === change.carries.ordinal,
          )
        : [],
    )
    return [
      ...(edited.length === 0 ? [] : [findings.creditChanged('edited', edited)]),
      ...(again.length === 0
        ? []
        : [
            findings.creditChanged(
              'deleted',
              again.map(({ id }) => id),
            ),
          ]),
    ]
  }

  #heldNow({ addition, billed }: CreditPart): CountedAddition[] {
    if (billed.length > 0) return [...billed]
    if (addition === null) return []
    return [hold(addition, this.#context.situation.agreement, undefined)].filter(isCounted)
  }

  #keeps(): Change[] {
    return changesOfParts(this.#context, { ...this.group, lines: [], planned: [] }, true)
  }

  #asFailed(): { readonly reconciliation: Reconciliation } {
    return { reconciliation: reconcileFailed(this.invoiced, this.billedNow) }
  }

  #row(of: {
    readonly findings: readonly Finding[]
    readonly changes: readonly Change[]
    readonly reconciliation: Reconciliation
    readonly held?: readonly CountedAddition[]
  }): SubscriptionPlan {
    const { window, isLate } = this.#context
    const { id, subscriptionId, tenantId, product, name, parts } = this.group
    const held = of.held ?? parts.flatMap((part) => this.#heldNow(part))
    return {
      kind: 'credit',
      subscriptionId,
      tenantId,
      product: {
        productId: product?.productId ?? '',
        sku: product?.sku ?? '',
        name,
        catalogItemId: product?.item?.id ?? null,
      },
      status: statusOf(of.findings, of.changes),
      findings: [...of.findings],
      changes: [...of.changes],
      ...(isLate(id) ? { late: true } : {}),
      quantityBefore: quantity(zero),
      steps: [
        {
          first: window.first,
          last: window.last,
          quantity: quantity(sum(held.map((each) => each.quantity))),
        },
      ],
      invoiced: of.reconciliation.invoiced,
      billed: of.reconciliation.billed,
      reconciliation: of.reconciliation,
    }
  }
}

const isZeroedByUs = ({
  unitCost,
  unitPrice,
}: {
  readonly unitCost: string
  readonly unitPrice: string
}): boolean => Number(unitCost) === 0 && Number(unitPrice) === 0
