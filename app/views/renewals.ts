/** What is coming of annual terms (J12): their renewals, and what waits of them. */
import { MOST_LISTED, type Renewals, type Span, spans } from '#app/api/schemas/renewals.ts'
import { currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { momentOf } from '#db/mappings/mutes.ts'
import { amount, pair, sumPairs } from '#lib/billing/decimal.ts'
import type { Amount } from '#lib/billing/types.ts'
import { renewalFacts } from '#lib/inbox/renewal-facts.ts'
import type { Program } from '#lib/programs/registry.ts'
import { outlookOf } from '#lib/renewals/renewals.ts'
import { daysLater } from '#lib/renewals/terms.ts'

const longest = Math.max(...spans.map(Number))

export async function shownRenewals(
  organisationId: string,
  program: Program,
  within: Span,
  { now = new Date(), most = MOST_LISTED }: { readonly now?: Date; readonly most?: number } = {},
): Promise<Renewals> {
  const { db } = server()
  const [{ today }, currency, facts] = await Promise.all([
    momentOf(db, organisationId, program.slug, now),
    currencyOf(organisationId),
    renewalFacts(db, organisationId, program, now),
  ])
  const { renewals: all, withoutEnd, giveBacks, extended, unbilled } = outlookOf(facts, today, longest)
  const endingWithin = (days: string) => all.filter(({ endsOn }) => endsOn <= daysLater(today, Number(days)))
  const renewals = endingWithin(within)
  const listOf = <T>(items: readonly T[]) => ({ count: items.length, items: items.slice(0, most) })
  const priced = renewals.filter(({ billedBy, next }) => billedBy === 'month' && next !== null)
  return {
    today,
    currency,
    counts: Object.fromEntries(spans.map((days) => [days, endingWithin(days).length])) as Record<
      Span,
      number
    >,
    renewals: listOf(renewals),
    monthly: {
      now: total(priced.map((each) => each.now)),
      next: total(priced.flatMap((each) => each.next ?? [])),
    },
    withoutEnd: listOf(withoutEnd),
    giveBacks: listOf(giveBacks),
    extended: listOf(extended),
    surcharge: total(extended.map((each) => each.surcharge)),
    unbilled: listOf(unbilled),
    charged: total(unbilled.map((each) => each.charged)),
  }
}

const total = (amounts: readonly Amount[]): Amount => amount(sumPairs(amounts.map(pair)))
