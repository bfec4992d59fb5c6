/** What is true of a program now, as far as people are told of it: read from what syncs, looks and product syncs stored. */
import type { Database } from '#db/client.ts'
import type { MutedPair } from '#db/mappings/lasting-points.ts'
import { momentOf, mutedPairs } from '#db/mappings/mutes.ts'
import {
  type AgreementStanding,
  agreementStandings,
  findingsNow,
  invoiceArrivals,
  productsNow,
} from '#db/notices/standing.ts'
import { shortDay } from '#lib/billing/format.ts'
import { invoiceOfUsage } from '#lib/billing/invoice-month.ts'
import { causeOfFinding } from '#lib/billing/lasting-points.ts'
import type { Day } from '#lib/billing/types.ts'
import { renewalFacts } from '#lib/inbox/renewal-facts.ts'
import { programBySlug } from '#lib/programs/registry.ts'
import { outlookOf } from '#lib/renewals/renewals.ts'
import type { Now } from './digest.ts'
import type { Fact } from './facts.ts'
import { lateInvoice } from './invoice-late.ts'
import { type Muted, summed, waitingFacts } from './waits.ts'

const keyOf = ({ tenantId, cause }: MutedPair): string => JSON.stringify([tenantId, cause])

/** Whose recovery ends what failed of the catalog. */
const catalog = 'products'
/** Where nothing is stored of why. */
const OPEN_IT = 'Open the sync: it says what failed, and what to do about it.'

export const situationOf = async (
  db: Database,
  organisationId: string,
  program: string,
  now: Date,
): Promise<Now> => {
  const standings = await agreementStandings(db, organisationId, program)
  const runOf = new Map(standings.map(({ agreementId, runId }) => [agreementId, runId]))
  const pairs = await mutedPairs(db, organisationId, program, now)
  const keys = new Set(pairs.map(keyOf))
  const muted: Muted = (of) => keys.has(keyOf(of))
  const found = await findingFacts(db, organisationId, program, runOf, muted)
  const products = await productFacts(db, organisationId, program)
  const facts = [
    ...found,
    ...wholeAgreements(standings, found),
    ...products.facts,
    ...(await waitingFacts(db, organisationId, program, runOf, muted)),
    ...(await lateFacts(db, organisationId, program, now)),
    ...(await renewalsAhead(db, organisationId, program, now)),
  ]
  const ids = (of: readonly AgreementStanding[]) => of.map(({ agreementId }) => String(agreementId))
  // What was said of the agreement as a whole was said in place of looking at all of it.
  const unsettled = standings.filter(({ message }) => message !== null)
  const working = standings.filter(({ message, status }) => message === null && status !== 'Error')
  return {
    facts,
    working: new Set([...ids(working), ...(products.isWorking ? [catalog] : [])]),
    unsettled: new Set(ids(unsettled)),
    at: now.getTime(),
  }
}

/**
 * Errors and price warnings of each agreement's last result. What an earlier run found is none of it. What keeps a customer from being
 * billed cannot be muted, so no Error is.
 */
const findingFacts = async (
  db: Database,
  organisationId: string,
  program: string,
  runOf: ReadonlyMap<number, string>,
  muted: Muted,
): Promise<Fact[]> => {
  const rows = await findingsNow(db, organisationId, program)
  return summed(
    rows.flatMap(({ finding, customer }): Fact[] => {
      const { agreementId, runId, kind, subscriptionId, product, message } = finding
      if (runOf.get(agreementId) !== runId) return []
      const muteCause = causeOfFinding(finding.code)
      return [
        {
          id: JSON.stringify([kind, agreementId, subscriptionId, product, message]),
          kind,
          cause: message,
          remedy: finding.remedy,
          owner: String(agreementId),
          customer: customer ?? `Agreement ${agreementId}`,
          subject: product === '' ? subscriptionId : product,
          period: finding.period,
          amount: finding.amount,
          path: `/runs/${runId}`,
          isMuted:
            kind === 'price' && muteCause !== null && muted({ tenantId: finding.tenantId, cause: muteCause }),
        },
      ]
    }),
  )
}

/** Agreements that failed as a whole, or of which nothing says why. */
const wholeAgreements = (standings: readonly AgreementStanding[], found: readonly Fact[]): Fact[] => {
  const explained = new Set(found.flatMap(({ kind, owner }) => (kind === 'error' ? [owner] : [])))
  return standings.flatMap((standing): Fact[] => {
    const { agreementId, status, message, remedy, runId } = standing
    if (status !== 'Error' || (message === null && explained.has(String(agreementId)))) return []
    const cause = message ?? 'The sync ended with an error.'
    return [
      {
        id: JSON.stringify(['error', agreementId, '', '', cause]),
        kind: 'error',
        cause,
        remedy: remedy || (message === null ? OPEN_IT : ''),
        owner: String(agreementId),
        customer: standing.companyName === '' ? `Agreement ${agreementId}` : standing.companyName,
        subject: standing.agreementName,
        period: null,
        amount: null,
        path: `/runs/${runId}`,
        isMuted: false,
      },
    ]
  })
}

const productFacts = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<{ facts: Fact[]; isWorking: boolean }> => {
  const last = await productsNow(db, organisationId, program)
  if (last === null || last.status !== 'Error') return { facts: [], isWorking: last !== null }
  const failed =
    last.failed.length > 0
      ? last.failed
      : [
          {
            sku: '',
            name: '',
            message: last.note ?? 'The product sync ended with an error.',
            remedy: OPEN_IT,
          },
        ]
  const facts = failed.map(
    ({ sku, name, message, remedy }): Fact => ({
      id: JSON.stringify(['error', catalog, sku, message]),
      kind: 'error',
      cause: message ?? '',
      remedy: remedy ?? '',
      owner: catalog,
      customer: 'Products',
      subject: name,
      period: null,
      amount: null,
      path: `/runs/${last.id}`,
      isMuted: false,
    }),
  )
  return { facts, isWorking: false }
}

const lateFacts = async (
  db: Database,
  organisationId: string,
  program: string,
  now: Date,
): Promise<Fact[]> => {
  const dayOf = (at: Date) => at.toISOString().slice(0, 10) as Day
  const arrivals = await invoiceArrivals(db, organisationId, program)
  const late = lateInvoice(
    dayOf(now),
    arrivals.map(({ period, at }) => ({ period, arrivedOn: dayOf(at) })),
  )
  if (late === null) return []
  const { period, by } = late
  return [
    {
      id: JSON.stringify(['late', period]),
      kind: 'late',
      cause: `The ${invoiceOfUsage(period)} is late: it was expected by ${shortDay(by)}.`,
      remedy: 'Ask rhipe where it is. It is synced as soon as it comes.',
      owner: '',
      customer: '',
      subject: '',
      period,
      amount: null,
      path: `/programs/${program}`,
      isMuted: false,
    },
  ]
}

/** Terms that end within this many days are told. */
const renewalDays = 30

const renewalsAhead = async (
  db: Database,
  organisationId: string,
  slug: string,
  now: Date,
): Promise<Fact[]> => {
  const program = programBySlug(slug)
  if (program === undefined) return []
  const { today } = await momentOf(db, organisationId, slug, now)
  const { renewals } = outlookOf(await renewalFacts(db, organisationId, program, now), today, renewalDays)
  return renewals.map(
    ({ subscriptionId, customer, product, endsOn, now: { price } }): Fact => ({
      id: JSON.stringify(['renewal', subscriptionId, endsOn]),
      kind: 'renewal',
      cause: `Terms end within ${renewalDays} days.`,
      remedy: 'Renew, change or cancel them in PRISM before their last day.',
      owner: '',
      customer,
      subject: `${product}, until ${shortDay(endsOn)}`,
      period: null,
      amount: price,
      path: `/programs/${slug}/renewals`,
      isMuted: false,
    }),
  )
}
