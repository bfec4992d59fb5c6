/**
 * What of a program waits for a person, as facts to tell: subscriptions, by the stored index of their plans, invoices, and by
 * group what else the inbox (J1) has. The one place that knows where the list comes from.
 */
import type { Database } from '#db/client.ts'
import { lastingSums, type MutedPair } from '#db/mappings/lasting-points.ts'
import { openQuestions } from '#db/mappings/open-points.ts'
import { stuckInvoices } from '#db/notices/standing.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { decimal, money } from '#lib/billing/decimal.ts'
import type { WaitQuestion } from '#lib/billing/types.ts'
import { sources } from '#lib/inbox/inbox.ts'
import type { InboxKind } from '#lib/inbox/item.ts'
import { lastingTexts } from '#lib/inbox/sentences.ts'
import type { GroupFound } from '#lib/inbox/source.ts'
import type { Fact } from './facts.ts'

const questions: Readonly<Record<WaitQuestion, string | null>> = {
  late: 'A month came after a later one and ConnectWise may have invoiced it: is it still to be written?',
  'first-sync': 'ConnectWise has invoiced the first month already: how is the customer to begin?',
  guard: 'The invoice changes unusually much: is it right?',
  billed: 'It is not known how ConnectWise billed an addition.',
  // The month before it is told of.
  earlier: null,
}
const remedies: Readonly<Record<WaitQuestion, string>> = {
  late: 'Nothing is written until somebody confirms or skips it.',
  'first-sync': 'Nothing is written until somebody says how it begins.',
  guard: 'Nothing of it is written until somebody confirms or skips it.',
  billed: 'Nothing is written until somebody says what the invoice billed.',
  earlier: '',
}

/** Whether something of a customer is muted (J3). */
export type Muted = (of: MutedPair) => boolean

/**
 * What was answered since is none of it, as in the inbox.
 * @param runOf the run with an agreement's last result; what waits on an agreement that syncs no more is left out
 */
export const waitingFacts = async (
  db: Database,
  organisationId: string,
  program: string,
  runOf: ReadonlyMap<number, string>,
  muted: Muted,
): Promise<Fact[]> => {
  const rows = await openQuestions(db, organisationId, program)
  const subscriptions = rows.flatMap((asked): Fact[] => {
    const { agreementId, subscriptionId, question, amount, period, product, customer } = asked
    const [cause, runId] = [questions[question], runOf.get(agreementId)]
    if (cause === null || runId === undefined) return []
    return [
      {
        id: JSON.stringify(['waits', agreementId, subscriptionId, question]),
        kind: 'waits',
        cause,
        remedy: remedies[question],
        owner: '',
        customer: customer ?? `Agreement ${agreementId}`,
        subject: product === '' ? subscriptionId : product,
        period,
        amount,
        path: `/runs/${runId}`,
        isMuted: false,
      },
    ]
  })
  const stuck = await stuckInvoices(db, organisationId, program)
  const held = stuck.map(
    ({ id, period, state, reason, totalPrice }): Fact => ({
      id: JSON.stringify(['invoice', id, state]),
      kind: 'waits',
      cause: reason ?? 'An invoice waits for a person.',
      remedy: 'Nothing of it is written until it can be used.',
      owner: '',
      customer: `Invoice ${id}`,
      subject: '',
      period,
      amount: totalPrice === null ? null : money(decimal(totalPrice)),
      path: `/programs/${program}`,
      isMuted: false,
    }),
  )
  return [
    ...summed(subscriptions),
    ...held,
    ...(await others(db, organisationId, program)),
    ...(await lasting(db, organisationId, program, muted)),
  ]
}

/** What is told of by group: of the inbox's other kinds, errors are told by what was found, and what is decided waits no more. */
const byGroup: readonly InboxKind[] = [
  'contract-agreement',
  'contested',
  'unclaimed',
  'annual-waits',
  'missed',
  'parked',
  'wants-in',
]

const others = async (db: Database, organisationId: string, program: string): Promise<Fact[]> => {
  const ctx = { db, organisationId, program }
  const asked = sources.filter(({ kinds }) => kinds.some((kind) => byGroup.includes(kind)))
  const groups: GroupFound[] = []
  // One after the other: they share the connection of a transaction.
  for (const source of asked) groups.push(...(await source.groups(ctx, { agreementIds: null })))
  return groups.flatMap(({ kind, cause, says, ifNothing, money }): Fact[] =>
    byGroup.includes(kind)
      ? [
          {
            id: JSON.stringify(['inbox', kind, cause]),
            kind: 'waits',
            cause: says,
            remedy: ifNothing,
            owner: '',
            customer: 'To do',
            subject: '',
            period: null,
            amount: money?.amount ?? null,
            path: '/todo',
            isMuted: false,
          },
        ]
      : [],
  )
}

/** What stays until it is mended or muted, by customer and cause, as it is muted. */
const lasting = async (
  db: Database,
  organisationId: string,
  program: string,
  muted: Muted,
): Promise<Fact[]> => {
  const sums = await lastingSums(db, organisationId, program, null)
  const tenantIds = [...new Set(sums.map(({ tenantId }) => tenantId))]
  const tenants = await tenantsByIds(db, organisationId, program, tenantIds)
  const names = new Map(tenants.map(({ id, name }) => [id, name]))
  return sums.map(
    ({ tenantId, cause, count, amount, period }): Fact => ({
      id: JSON.stringify(['lasting', tenantId, cause]),
      kind: 'waits',
      cause: lastingTexts[cause].all,
      remedy: 'It stays so until it is mended, or muted under To do.',
      owner: '',
      customer: names.get(tenantId) ?? tenantId,
      subject: count === 1 ? 'One subscription' : `${count} subscriptions`,
      period,
      amount,
      path: '/todo',
      isMuted: muted({ tenantId, cause }),
    }),
  )
}

/** Several months of the same are one fact, with their sum and the last of them. */
export const summed = (facts: readonly Fact[]): Fact[] => {
  const byId = new Map<string, Fact>()
  for (const fact of facts) {
    const known = byId.get(fact.id)
    byId.set(fact.id, known === undefined ? fact : { ...fact, amount: added(known.amount, fact.amount) })
  }
  return [...byId.values()]
}

const added = (a: Fact['amount'], b: Fact['amount']): Fact['amount'] =>
  a === null ? b : b === null ? a : money(decimal(a).plus(decimal(b)))
