/** Questions of many customers by what one answer settles, and what that answer would mean. */
import type { CutoverOfAgreement, ShownQuestion } from '#app/api/schemas/cutover.ts'
import type { CutoverAnswer, CutoverQuestionKind } from '#lib/billing/cutover-question-types.ts'
import type { Day } from '#lib/billing/types.ts'

export interface AskedOf {
  readonly agreement: CutoverOfAgreement
  readonly question: ShownQuestion
}

export interface CutoverGroup {
  readonly kind: CutoverQuestionKind
  readonly asked: readonly AskedOf[]
}

const ORDER: readonly CutoverQuestionKind[] = ['also-billed', 'bills-one', 'beside', 'begins', 'whose']

/** Those that many can be answered first; what can only be answered singly comes last. */
export function groupsOf(agreements: readonly CutoverOfAgreement[]): CutoverGroup[] {
  const all = agreements.flatMap((agreement) =>
    agreement.questions.map((question) => ({ agreement, question })),
  )
  const byKind = Map.groupBy(all, ({ question }) => question.kind)
  return ORDER.flatMap((kind) => {
    const asked = byKind.get(kind)
    return asked === undefined ? [] : [{ kind, asked }]
  })
}

/** Answers that each of them takes, the most likely first. */
export function answersOf(asked: readonly AskedOf[]): CutoverAnswer[] {
  const [first] = asked
  return (first?.question.answers ?? [])
    .map(({ answer }) => answer)
    .filter((answer) =>
      asked.every(({ question }) => question.answers.some((each) => each.answer === answer)),
    )
}

/** The first day with which all of them can end. */
export function endsFromOf(asked: readonly AskedOf[]): Day | null {
  const days = asked.map(({ question }) => question.endsFrom).sort()
  return days.at(-1) ?? null
}

export const keyOf = ({ agreement, question: { additionId, tenantId } }: AskedOf): string =>
  `${agreement.agreementId}/${additionId ?? ''}/${tenantId ?? ''}`

/** As the API names a question. */
export const namedBy = ({ agreement, question: { additionId, tenantId } }: AskedOf) => ({
  agreementId: agreement.agreementId,
  tenantIds: agreement.customers.map((each) => each.tenantId),
  ...(additionId === null ? {} : { additionId }),
  ...(tenantId === null ? {} : { tenantId }),
})

export const customersText = (count: number): string => (count === 1 ? '1 customer' : `${count} customers`)

const TITLES: Readonly<Record<CutoverQuestionKind, string>> = {
  'also-billed': 'Another agreement of the company bills it already',
  'bills-one': 'Additions that can only be of one subscription',
  beside: 'Additions beside what PRISM invoices',
  begins: 'ConnectWise has invoiced the first month already',
  whose: 'Additions of which several subscriptions may be meant',
}

/** `Additions beside what PRISM invoices: 14 questions of 9 customers` */
export function groupTitle({ kind, asked }: CutoverGroup): string {
  const customers = new Set(asked.map(({ agreement }) => agreement.agreementId)).size
  const questions = asked.length === 1 ? '1 question' : `${asked.length} questions`
  return `${TITLES[kind]}: ${questions} of ${customersText(customers)}`
}

const ANSWERS: Readonly<Record<CutoverAnswer, { readonly text: string; readonly hint: string }>> = {
  subscription: {
    text: 'They bill it: take them over',
    hint: 'Each gets the subscription’s id as serial number; where its quantity differs, PRISM’s follows.',
  },
  ends: { text: 'They end', hint: 'Never before what ConnectWise has invoiced.' },
  nobody: { text: 'They are nobody’s', hint: 'They have nothing to do with PRISM and are not touched.' },
  stays: { text: 'They stay as they are', hint: 'They are not touched, and their amount is shown apart.' },
  next: { text: 'Begin with the next month', hint: 'Nothing of the first month is billed here.' },
  'catch-up': { text: 'Bill the first month as catch-up', hint: 'ConnectWise bills it late.' },
  elsewhere: { text: 'Billed elsewhere', hint: 'Nothing is written until that is taken back.' },
}
export const answerText = (answer: CutoverAnswer): string => ANSWERS[answer].text
export const answerHint = (answer: CutoverAnswer): string => ANSWERS[answer].hint
