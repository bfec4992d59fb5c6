/**
 * What people answered about an agreement, as the plan takes it (docs/billing-rules.md, "Each addition" and
 * "Waits").
 */
import type { AboutAgreement } from '#db/mappings/about-agreement.ts'
import type { StoredAnswer } from '#db/mappings/addition-answers.ts'
import type { Invoice } from '#db/prism/invoices.ts'
import type { AdditionAnswer, Situation, UnreadableAddition } from '#lib/billing/types.ts'

/**
 * The answers about additions of the agreement, and each yes that was said to the very invoice that its month has now.
 * @param usable the usable invoice of each month
 */
export const saidOf = (
  { answers, confirmed, prices }: Pick<AboutAgreement, 'answers' | 'confirmed' | 'prices'>,
  usable: readonly Pick<Invoice, 'id' | 'period'>[],
): Pick<Situation, 'answers' | 'confirmed' | 'agreedPrices'> => {
  const invoiceOf = new Map(usable.map(({ id, period }) => [period, id]))
  return {
    ...(prices.length === 0
      ? {}
      : {
          agreedPrices: Object.fromEntries(
            prices.map(({ subscriptionId, unitPrice, startsOn }) => [
              subscriptionId,
              { unitPrice, from: startsOn },
            ]),
          ),
        }),
    answers: answers.map(answerOf),
    confirmed: confirmed
      .filter(({ period, invoiceId }) => invoiceOf.get(period) === invoiceId)
      .map(({ subscriptionId, period, question }) => ({ subscriptionId, period, question })),
  }
}

export const answerOf = ({
  additionId,
  answer,
  subscriptionId,
  endsOn,
}: Pick<StoredAnswer, 'additionId' | 'answer' | 'subscriptionId' | 'endsOn'>): AdditionAnswer => {
  if (answer === 'nobody' || answer === 'stays') return { additionId, answer }
  if (answer === 'subscription' && subscriptionId !== null) return { additionId, answer, subscriptionId }
  if (answer === 'ends' && endsOn !== null) return { additionId, answer, endsOn }
  throw new Error(`The answer about addition ${additionId} lacks what it says`)
}

/** Subscriptions that additions were said to bill, as additions name theirs: their customer may be mapped elsewhere by now. */
export const answeredIds = ({
  answers = [],
}: Pick<Situation, 'answers'>): Pick<UnreadableAddition, 'catalogItemId' | 'serialNumber'>[] =>
  answers.flatMap((each) =>
    each.answer === 'subscription' ? [{ catalogItemId: null, serialNumber: each.subscriptionId }] : [],
  )
