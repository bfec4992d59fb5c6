/**
 * The questions of a customer's review, each with what its answers would mean (J8; F5, F9, E6). What an answer does is found by
 * planning with it, so that a question is of the kind whose answer settles it.
 */

import type { CutoverAnswer, CutoverQuestion, CutoverQuestionKind } from './cutover-question-types.ts'
import { cutoverReview } from './cutover-review.ts'
import type { CutoverAddition, CutoverReview, CutoverSubscription } from './cutover-types.ts'
import { firstDay, previousDay } from './days.ts'
import { decimal, money, sum } from './decimal.ts'
import { plan as planOf } from './plan.ts'
import { invoicedThrough } from './timeline.ts'
import type { AdditionAnswer, Day, FirstSync, Situation } from './types.ts'

type Asked = Omit<CutoverQuestion, 'kind' | 'answers'>
interface Answered {
  readonly question: Pick<CutoverQuestion, 'additionId' | 'tenantId' | 'subscriptionId' | 'endsFrom'>
  readonly answer: CutoverAnswer
}

const isBegin = (answer: CutoverAnswer): answer is FirstSync =>
  answer === 'next' || answer === 'catch-up' || answer === 'elsewhere'

/** The situation as it is once the answers are given. */
export const withAnswers = (situation: Situation, given: readonly Answered[]): Situation => {
  const said = given.flatMap(({ question, answer }): AdditionAnswer[] => {
    const { additionId, subscriptionId, endsFrom } = question
    if (additionId === null || isBegin(answer)) return []
    if (answer === 'subscription') return [{ additionId, answer, subscriptionId }]
    return [answer === 'ends' ? { additionId, answer, endsOn: endsFrom } : { additionId, answer }]
  })
  const begins = new Map(
    given.flatMap(({ question: { tenantId }, answer }) =>
      tenantId !== null && isBegin(answer) ? [[tenantId, answer] as const] : [],
    ),
  )
  const known = new Set(said.map(({ additionId }) => additionId))
  return {
    ...situation,
    answers: [...(situation.answers ?? []).filter(({ additionId }) => !known.has(additionId)), ...said],
    tenants: situation.tenants.map((each) => {
      const begin = begins.get(each.id)
      return begin === undefined ? each : { ...each, firstSync: { ...each.firstSync, begin, isChosen: true } }
    }),
  }
}

const isOpen = ({ fate, actions }: CutoverAddition): boolean =>
  (fate === 'blocked' || fate === 'asked') && actions.length > 0

const waitsToBegin = ({ state, reason }: CutoverSubscription): boolean =>
  state === 'waits' && (reason?.code === 'first-sync-waits' || reason?.code === 'also-billed')

const openIn = ({ additions, subscriptions }: CutoverReview): number =>
  additions.filter(isOpen).length +
  new Set(subscriptions.filter(waitsToBegin).map((each) => each.tenantId)).size

/** @param review of the situation. What can only be settled in ConnectWise is no question, and stays in the review */
export const cutoverQuestions = (situation: Situation, review: CutoverReview): CutoverQuestion[] => {
  const after = (given: readonly Answered[]): CutoverReview | null => {
    const then = withAnswers(situation, given)
    return cutoverReview(then, planOf(then))
  }
  const endsFrom = invoicedThrough(situation.agreement) ?? previousDay(firstDay(review.period))
  const additions = review.additions.filter(isOpen).map((each) => askedOf(each, endsFrom))
  const settledBy = (asked: readonly Asked[], answer: CutoverAnswer): ReadonlySet<number | null> => {
    if (asked.length === 0) return new Set()
    const then = after(asked.map((question) => ({ question, answer })))
    const open = new Set(then?.additions.filter(isOpen).map((each) => each.additionId))
    return new Set(asked.map(({ additionId }) => additionId).filter((id) => id !== null && !open.has(id)))
  }
  const billing = settledBy(
    additions.filter(({ subscriptionId }) => subscriptionId !== ''),
    'subscription',
  )
  const others = additions.filter(({ additionId }) => !billing.has(additionId))
  const ending = settledBy(others, 'ends')
  const kindOf = ({ additionId }: Asked): CutoverQuestionKind => {
    if (billing.has(additionId)) return 'bills-one'
    const owners = ownersOf(review, additionId)
    return ending.has(additionId) && owners.length < 2 ? 'beside' : 'whose'
  }
  const asked = [
    ...additions.map((each) => ({ ...each, kind: kindOf(each) })),
    ...beginnings(review, endsFrom),
  ]
  const byKind = Map.groupBy(asked, ({ kind }) => kind)
  const meaning = new Map(
    [...byKind].map(([kind, questions]) => [
      kind,
      answersTo(kind, questions, review).map((answer) => {
        const then = after(questions.map((question) => ({ question, answer })))
        return { answer, bills: (then ?? review).bills.after.price, open: then === null ? 0 : openIn(then) }
      }),
    ]),
  )
  return asked.map((each) => ({ ...each, answers: meaning.get(each.kind) ?? [] }))
}

const ownersOf = ({ additions }: CutoverReview, additionId: number | null): readonly string[] =>
  additions
    .find((each) => each.additionId === additionId)
    ?.reason?.asks?.find((asks) => asks.additionId === additionId)?.owners ?? []

const askedOf = (addition: CutoverAddition, endsFrom: Day): Asked => {
  const { additionId, product, quantity, unitPrice, effectiveDate, serialNumber, reason } = addition
  const [owner = '', ...others] = reason?.asks?.find((asks) => asks.additionId === additionId)?.owners ?? []
  return {
    additionId,
    tenantId: null,
    subscriptionId: others.length === 0 ? owner : '',
    product,
    serialNumber: serialNumber.before,
    quantity,
    monthly: money(decimal(quantity).times(decimal(unitPrice))),
    effectiveDate,
    says: reason?.message ?? '',
    endsFrom,
  }
}

/** One a customer, whatever it has. */
const beginnings = (
  { subscriptions }: CutoverReview,
  endsFrom: Day,
): (Asked & { readonly kind: CutoverQuestionKind })[] =>
  [...Map.groupBy(subscriptions.filter(waitsToBegin), ({ tenantId }) => tenantId)].map(([tenantId, rows]) => {
    const also = rows.find(({ reason }) => reason?.code === 'also-billed')
    return {
      kind: also ? 'also-billed' : 'begins',
      additionId: null,
      tenantId,
      subscriptionId: '',
      product: [...new Set(rows.map(({ product }) => product))].join(', '),
      serialNumber: '',
      quantity: '0' as Asked['quantity'],
      monthly: money(sum(rows.map(({ invoiced }) => decimal(invoiced.price)))),
      effectiveDate: null,
      says: (also ?? rows[0])?.reason?.message ?? '',
      endsFrom,
    }
  })

const answersTo = (
  kind: CutoverQuestionKind,
  questions: readonly Asked[],
  { additions }: CutoverReview,
): readonly CutoverAnswer[] => {
  switch (kind) {
    case 'bills-one':
      return ['subscription', 'ends', 'nobody']
    case 'beside': {
      const asked = additions.filter(({ additionId }) =>
        questions.some((each) => each.additionId === additionId),
      )
      return asked.every(({ actions }) => actions.includes('stays'))
        ? ['ends', 'nobody', 'stays']
        : ['ends', 'nobody']
    }
    case 'whose':
      return []
    case 'also-billed':
      return ['elsewhere', 'next', 'catch-up']
    case 'begins':
      return ['next', 'catch-up', 'elsewhere']
  }
}
