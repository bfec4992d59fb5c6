/** Invoices that wait for a person or for PRISM, and lines of usable ones that are no customer's (F1). */
import { creditLinesOf } from '#db/prism/held-credit-lines.ts'
import { invoiceDifferences } from '#db/prism/invoice-differences.ts'
import { type Invoice, invoicesOf } from '#db/prism/invoices.ts'
import { type OpenLineGroup, type OpenLineItem, openLineGroups } from '#db/prism/open-line-items.ts'
import { programSettings } from '#db/prism/programs.ts'
import { decimal } from '#lib/billing/decimal.ts'
import { type HeldCredits, heldCredits } from '#lib/billing/held-credits.ts'
import { isWithoutSubscription } from '#lib/billing/keys.ts'
import type { Money } from '#lib/billing/types.ts'
import { decideInvoice, linesAre } from './actions.ts'
import type { ComparedInvoice, Comparison, InboxItem, ItemAction } from './item.ts'
import { groupOf, type InboxContext, moneyOf, nobody, type Source, smallSource } from './source.ts'

/** An invoice is nobody's in particular: where one agreement is asked for, none is meant. */
export const invoices: Source = smallSource(
  ['invoice-held', 'invoice-unread'],
  async (ctx, { agreementIds }) => {
    if (agreementIds !== null) return []
    const all = await invoicesOf(ctx.db, ctx.organisationId, ctx.program)
    const waiting = all.filter(
      ({ state, unreadSince }) =>
        state === 'held' ||
        state === 'refused' ||
        state === 'unread' ||
        ((state === 'ready' || state === 'annual') && unreadSince !== null),
    )
    const kindOf = ({ state }: Invoice) => (state === 'held' ? 'invoice-held' : 'invoice-unread')
    // One pick settles a month, or what PRISM gave under an annual invoice's id.
    const byCause = Map.groupBy(waiting, (each) =>
      each.kind === 'annual'
        ? `${kindOf(each)}/annual/${each.prismInvoiceId}`
        : `${kindOf(each)}/${each.period}`,
    )
    let asked: ReturnType<typeof creditsOf> | undefined
    const credits = () => (asked ??= creditsOf(ctx, waiting))
    return [...byCause].map(([cause, of]) => {
      const [first] = of
      if (first === undefined) throw new Error('A group has a member')
      const kind = kindOf(first)
      const group = groupOf(ctx, {
        kind,
        cause,
        count: of.length,
        customers: 0,
        amount: largest(of),
        since: sinceOf(first),
        remedy: '',
        period: first.period,
      })
      return {
        group,
        items: async () => {
          const held = await credits()
          return Promise.all(
            of.map((each) => toItem(ctx, each, { kind, cause, credits: held.get(each.id) ?? null }, all)),
          )
        },
      }
    })
  },
)

const largest = (all: readonly Invoice[]): Money | null =>
  all
    .flatMap(({ totalPrice }) => totalPrice ?? [])
    .reduce<Money | null>(
      (most, each) => (most !== null && decimal(each).lte(decimal(most)) ? most : each),
      null,
    )

const sinceOf = ({ unreadSince, detectedAt }: Invoice): Date => unreadSince ?? detectedAt

async function toItem(
  ctx: InboxContext,
  invoice: Invoice,
  { kind, cause, credits }: Pick<InboxItem, 'kind' | 'cause'> & { readonly credits: HeldCredits | null },
  all: readonly Invoice[],
): Promise<InboxItem> {
  const { id, period, totalPrice, reason, unreadReason, row, column } = invoice
  const where = [row === null ? '' : `Row ${row}`, column === null ? '' : `column ${column}`]
  return {
    kind,
    cause,
    key: `invoice/${id}`,
    program: ctx.program,
    of: { ...nobody, invoiceId: id },
    months: invoice.kind === 'annual' ? null : { from: period, to: period },
    money: moneyOf(kind, totalPrice),
    since: sinceOf(invoice),
    says: `${invoice.kind === 'annual' ? 'Annual invoice' : 'Invoice'} ${id}: ${reason ?? unreadReason ?? 'it waits for a pick'}`,
    detail: where.filter(Boolean).join(', '),
    remedy: remedyOf(invoice, credits),
    actions: actionsOf(ctx.program, invoice),
    asked: null,
    compared: kind === 'invoice-held' ? await comparisonOf(ctx, invoice, all) : null,
    ...(credits === null ? {} : { credits }),
  }
}

/** By invoice, what becomes of its credits where it waits for a pick; one without is not in it. */
export const creditsOf = async (
  { db, organisationId, program }: InboxContext,
  of: readonly Pick<Invoice, 'id' | 'period' | 'state' | 'lineCount'>[],
): Promise<ReadonlyMap<string, HeldCredits>> => {
  const held = of.filter(({ state, lineCount }) => state === 'held' && lineCount > 0)
  if (held.length === 0) return new Map()
  const [lines, settings] = await Promise.all([
    creditLinesOf(db, organisationId, program, held),
    programSettings(db, organisationId, program),
  ])
  const options = settings ?? { syncAzure: false, annualTermsMonthly: false }
  return new Map(
    [...lines].flatMap(([id, own]): [string, HeldCredits][] => {
      const credits = heldCredits(own, options)
      return credits === null ? [] : [[id, credits]]
    }),
  )
}

function remedyOf({ state, lineCount, reasonCode }: Invoice, credits: HeldCredits | null): string {
  if (state === 'refused') return 'Ask rhipe for a file that can be read, then read it again; or exclude it.'
  if (state !== 'held') return 'PRISM is asked again with each look. Read it again now, or exclude it.'
  if (lineCount === 0) return 'Read it again, or exclude it.'
  return reasonCode === 'reissue' || reasonCode === 'candidates'
    ? 'Compare the two, and use one: the other is left out.'
    : credits === null
      ? 'Look at what it charges, and use it or exclude it.'
      : 'Use it: the month is synced, and its credits are written as additions of their own. Or exclude it: nothing of it is written.'
}

function actionsOf(program: string, { id, state, lineCount }: Invoice): ItemAction[] {
  if (state === 'ready' || state === 'annual') return []
  return [
    ...(state === 'held' && lineCount > 0 ? [decideInvoice(program, id, 'pick')] : []),
    ...(lineCount === 0 ? [decideInvoice(program, id, 'read-again')] : []),
    decideInvoice(program, id, 'exclude'),
  ]
}

/** How many customers are named of those that two invoices charge otherwise. */
const NAMED = 5

/** Beside the one in use, else beside the next one that waits in its month; `null` where there is none. */
async function comparisonOf(
  { db, organisationId, program }: InboxContext,
  held: Invoice,
  all: readonly Invoice[],
): Promise<Comparison | null> {
  const others = all.filter((each) => isBeside(each, held))
  const other =
    others.find(isUsed) ?? others.find(({ state, lineCount }) => state === 'held' && lineCount > 0)
  if (other === undefined || held.lineCount === 0) return null
  const { differences, count } = await invoiceDifferences(db, organisationId, program, {
    one: held.id,
    other: other.id,
    limit: NAMED,
  })
  return {
    held: compared(held),
    other: compared(other),
    differences: differences.map(({ customer, one, other: theirs }) => ({
      customer,
      held: one,
      other: theirs,
    })),
    count,
  }
}

const isUsed = ({ state }: Pick<Invoice, 'state'>): boolean => state === 'ready' || state === 'annual'

/** Of two invoices one can be in use: of a month, or of what PRISM gave under an annual one's id. */
const isBeside = (one: Invoice, held: Invoice): boolean =>
  one.id !== held.id &&
  (held.kind === 'annual' || one.kind === 'annual'
    ? one.prismInvoiceId === held.prismInvoiceId
    : one.period === held.period)

const compared = ({ id, state, lineCount, totalPrice, totalCost, detectedAt }: Invoice): ComparedInvoice => ({
  id,
  isInUse: isUsed({ state }),
  lineCount,
  totalPrice,
  totalCost,
  detectedAt,
})

const lineRemedies = {
  contested: 'Say whose they are: their other months follow, and the next look syncs the customer.',
  unclaimed: 'Say whose they are, or that they are nobody’s; their other months follow.',
} as const

export const openLines: Source = {
  kinds: ['contested', 'unclaimed'],
  async groups(ctx, { agreementIds }) {
    const { db, organisationId, program } = ctx
    const found = await openLineGroups(db, organisationId, program, { agreementIds, limit: 1, offset: 0 })
    return found.map(({ is, count, price, since }) =>
      groupOf(ctx, {
        kind: is,
        cause: is,
        count,
        customers: 0,
        amount: price,
        since,
        remedy: lineRemedies[is],
      }),
    )
  },
  async items(ctx, { agreementIds }, causes, part) {
    const { db, organisationId, program } = ctx
    const found = await openLineGroups(db, organisationId, program, { agreementIds, ...part })
    const of = (cause: string): readonly OpenLineItem[] =>
      found.find(({ is }: OpenLineGroup) => is === cause)?.items ?? []
    return causes.flatMap((cause) => of(cause).map((each) => lineItem(program, each)))
  },
}

const lineItem = (program: string, lines: OpenLineItem): InboxItem => {
  const { is, subscriptionId, offerName, customerName, from, to, price, since, claimants, invoiceId } = lines
  const names = claimants.map(({ name }) => name)
  return {
    kind: is,
    cause: is,
    key: `lines/${subscriptionId}`,
    program,
    of: {
      ...nobody,
      subscription: { id: subscriptionId, product: offerName },
      invoiceId,
      named: customerName || null,
    },
    months: { from, to },
    money: moneyOf(is, price),
    since,
    says:
      is === 'unclaimed'
        ? isWithoutSubscription(subscriptionId)
          ? `Lines of ${customerName || 'nobody named'} name no subscription`
          : `Lines of ${customerName || 'nobody named'} are no customer’s`
        : names.length > 1
          ? `Lines of ${customerName} may be ${names.slice(0, -1).join(', ')}’s or ${names.at(-1)}’s`
          : `Only a part of the lines of ${customerName} names ${names[0] ?? 'a customer'}`,
    detail: '',
    remedy: lineRemedies[is],
    actions: linesAre(program, { invoiceId, subscriptionId }, claimants),
    asked: null,
    compared: null,
  }
}
