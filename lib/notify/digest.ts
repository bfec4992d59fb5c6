/**
 * What to tell next (G4, J4): from what was told before and what is true now to the next digest, or nothing. Pure.
 *
 * - A fact is told once, and again when its amount changes; what is found as it was makes no digest.
 * - Of what still fails, waits or is late a reminder comes every three days. Price warnings and renewals are told once.
 * - An agreement that failed and works again is told once; one that nobody syncs any more is not.
 * - While an agreement's last sync could not tell, what was told of it before is neither ended nor news when it is found again.
 * - What is muted is neither told nor reminded of, and its end is not told either.
 */
import { decimal, money, sum } from '#lib/billing/decimal.ts'
import {
  type Digest,
  type Entry,
  type Fact,
  type FactKind,
  factKinds,
  type Group,
  type Told,
} from './facts.ts'

/** J4: every three days. */
export const reminderMs = 3 * 24 * 60 * 60 * 1000
/** A price warning is raised in one run and not in the next one: for so long the same one is not news; nor is a renewal. */
export const priceMemoryMs = 100 * 24 * 60 * 60 * 1000
/** Of a group; what is above is counted and summed. */
export const mostEntries = 50
/** Of a kind; the causes beyond are one group. */
export const mostGroups = 30

export interface Now {
  readonly facts: readonly Fact[]
  /** Agreements that sync and whose last sync looked at all of it and found no error. */
  readonly working: ReadonlySet<string>
  /** Agreements that sync and whose last sync ended before it could tell: it was stopped, or a system did not answer. */
  readonly unsettled: ReadonlySet<string>
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface Next {
  /** `null`: there is nothing to tell. */
  readonly digest: Digest | null
  readonly told: Told
}

type ToldFact = Told['facts'][number]
interface Said {
  readonly fact: Fact
  readonly before: ToldFact | null
}

/** @param now facts with distinct ids; of two with the same id the first counts */
export const nextDigest = (told: Told, now: Now): Next => {
  const before = new Map(told.facts.map((each) => [each.id, each]))
  const facts = [...new Map([...now.facts].reverse().map((fact) => [fact.id, fact])).values()].reverse()
  const open = facts
    .filter(({ isMuted }) => !isMuted)
    .map((fact): Said => ({ fact, before: before.get(fact.id) ?? null }))
  const news = open.filter(isNews)
  const recovered = recoveredOf(told, facts, now.working)
  const known = open.filter((each) => !isNews(each) && isRemindedOf(each.fact))
  const isDue = known.some(({ before: was }) => was !== null && now.at - was.toldAt >= reminderMs)
  const reminders = isDue ? known : []
  const isEmpty = news.length === 0 && recovered.length === 0 && reminders.length === 0
  const mentioned = new Set([...news, ...reminders].map(({ fact }) => fact.id))
  return {
    digest: isEmpty
      ? null
      : {
          news: groupsOf(news),
          recovered: recovered.slice(0, mostEntries),
          recoveredCount: recovered.length,
          reminders: groupsOf(reminders),
        },
    told: { facts: [...stillTold(facts, before, mentioned, now.at), ...remembered(told, facts, now)] },
  }
}

const isOther = (a: string | null, b: string | null): boolean =>
  a === null || b === null ? a !== b : !decimal(a).eq(decimal(b))

const isNews = ({ fact, before }: Said): boolean => before === null || isOther(before.amount, fact.amount)

const onlyOnce: readonly FactKind[] = ['price', 'renewal', 'closed']
const isRemindedOf = ({ kind }: Fact): boolean => !onlyOnce.includes(kind)

/** Each agreement of which an error was told, of which none is left, and that works. */
const recoveredOf = (
  told: Told,
  facts: readonly Fact[],
  working: ReadonlySet<string>,
): Digest['recovered'] => {
  const failing = new Set(facts.flatMap(({ kind, owner }) => (kind === 'error' ? [owner] : [])))
  const ended = told.facts.filter(
    ({ kind, owner }) => kind === 'error' && !failing.has(owner) && working.has(owner),
  )
  return [
    ...new Map(ended.map(({ owner, customer, path }) => [owner, { customer, path }])).values(),
  ].toSorted((a, b) => (a.customer < b.customer ? -1 : a.customer > b.customer ? 1 : 0))
}

/** What of the facts people know from now on. A muted one that they know is forgotten: its end is not told. */
const stillTold = (
  facts: readonly Fact[],
  before: ReadonlyMap<string, ToldFact>,
  mentioned: ReadonlySet<string>,
  at: number,
): ToldFact[] =>
  facts.flatMap(({ id, kind, owner, customer, path, amount, isMuted }) => {
    const was = before.get(id)
    if (was === undefined && !mentioned.has(id)) return []
    const toldAt = mentioned.has(id) ? at : (was?.toldAt ?? at)
    const lastAmount = mentioned.has(id) ? amount : (was?.amount ?? null)
    return [{ id, kind, owner: isMuted ? '' : owner, customer, path, amount: lastAmount, toldAt, seenAt: at }]
  })

/** Price warnings and renewals that nothing tells at the moment, and errors of which the last sync could not tell. */
const remembered = (told: Told, facts: readonly Fact[], { at, unsettled }: Now): ToldFact[] => {
  const found = new Set(facts.map(({ id }) => id))
  return told.facts.filter(
    ({ id, kind, owner, seenAt }) =>
      !found.has(id) &&
      ((onlyOnce.includes(kind) && at - seenAt < priceMemoryMs) ||
        (kind === 'error' && unsettled.has(owner))),
  )
}

/** By kind and cause, in the order of the kinds, the most money first; entries likewise. */
const groupsOf = (said: readonly Said[]): Group[] =>
  factKinds.flatMap((kind) => {
    const causes = [
      ...Map.groupBy(
        said.filter(({ fact }) => fact.kind === kind),
        ({ fact }) => fact.cause,
      ),
    ]
      .map(([cause, of]) => ({ of, group: groupOf(kind, cause, of[0]?.fact.remedy ?? '', of) }))
      .toSorted(
        (a, b) => compareAmounts(b.group.total, a.group.total) || (a.group.cause < b.group.cause ? -1 : 1),
      )
    const others = causes.slice(mostGroups).flatMap(({ of }) => of)
    return [
      ...causes.slice(0, mostGroups).map(({ group }) => group),
      ...(others.length === 0 ? [] : [groupOf(kind, 'Other causes', '', others)]),
    ]
  })

const groupOf = (kind: Fact['kind'], cause: string, remedy: string, said: readonly Said[]): Group => {
  const amounts = said.flatMap(({ fact }) => (fact.amount === null ? [] : [decimal(fact.amount)]))
  const entries = said
    .map(
      ({ fact, before }): Entry => ({
        customer: fact.customer,
        subject: fact.subject,
        period: fact.period,
        amount: fact.amount,
        before: before === null || !isOther(before.amount, fact.amount) ? null : before.amount,
        path: fact.path,
      }),
    )
    .toSorted((a, b) => compareAmounts(b.amount, a.amount) || (a.customer < b.customer ? -1 : 1))
  const total = amounts.length === 0 ? null : money(sum(amounts))
  return { kind, cause, remedy, count: said.length, total, entries: entries.slice(0, mostEntries) }
}

/** By magnitude; nothing known is least. */
const compareAmounts = (a: string | null, b: string | null): number => {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  return decimal(a).abs().cmp(decimal(b).abs())
}
