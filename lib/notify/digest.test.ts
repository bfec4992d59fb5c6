import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Money } from '#lib/billing/types.ts'
import { mostEntries, mostGroups, type Now, nextDigest, priceMemoryMs, reminderMs } from './digest.ts'
import { type Digest, type Fact, factKinds, type Told, toldNothing } from './facts.ts'

const fact = (changes: Partial<Fact> = {}): Fact => {
  const { owner = '7', kind = 'error', cause = 'ConnectWise returned an error response: Locked' } = changes
  return {
    id: `${kind} ${owner} ${cause}`,
    kind,
    cause,
    remedy: 'Unlock it.',
    owner,
    customer: `Customer ${owner}`,
    subject: 'Microsoft 365 E3',
    period: null,
    amount: '10.5' as Money,
    path: '/runs/1',
    isMuted: false,
    ...changes,
  }
}
const at = Date.parse('2026-11-03T10:00:00Z')
const now = (facts: readonly Fact[], changes: Partial<Now> = {}): Now => ({
  facts,
  working: new Set(),
  unsettled: new Set(),
  at,
  ...changes,
})
const tell = (told: Told, state: Now) => nextDigest(told, state)
const told = (...facts: readonly Fact[]): Told => tell(toldNothing, now(facts)).told

it('tells what fails once, grouped by cause with its sum, and not again while it is the same [G4, J4]', () => {
  const facts = [
    fact(),
    fact({ owner: '8', amount: '100' as Money }),
    fact({ owner: '9', cause: 'Its agreement has ended.', amount: null }),
  ]
  const first = tell(toldNothing, now(facts))
  expect(first.digest?.news.map(({ cause, count, total }) => ({ cause, count, total }))).toEqual([
    { cause: 'ConnectWise returned an error response: Locked', count: 2, total: '110.5' },
    { cause: 'Its agreement has ended.', count: 1, total: null },
  ])
  expect(first.digest?.news[0]?.entries.map(({ customer }) => customer)).toEqual(['Customer 8', 'Customer 7'])
  expect(tell(first.told, now(facts, { at: at + 1 })).digest).toBeNull()
})

it('tells another amount of the same as old and new, and only that [J4]', () => {
  const { digest } = tell(
    told(fact(), fact({ owner: '8' })),
    now([fact({ amount: '12' as Money }), fact({ owner: '8' })]),
  )
  expect(digest?.news).toMatchObject([{ count: 1, entries: [{ amount: '12', before: '10.5' }] }])
  expect(digest?.reminders).toEqual([])
})

it('takes 10.50 for what 10.5 is [J4]', () => {
  expect(tell(told(fact()), now([fact({ amount: '10.50' as Money })])).digest).toBeNull()
})

it('tells once that a failing customer works again, and not while another error of it is left [G4]', () => {
  const other = fact({ cause: 'Its agreement has ended.' })
  const both = told(fact(), other)
  const working = new Set(['7'])
  const left = tell(both, now([other]))
  expect(left.digest).toBeNull()
  const mended = tell(left.told, now([], { working }))
  expect(mended.digest).toMatchObject({
    recovered: [{ customer: 'Customer 7' }],
    recoveredCount: 1,
    news: [],
  })
  expect(tell(mended.told, now([], { working })).digest).toBeNull()
  expect(tell(mended.told, now([fact()])).digest?.news).toHaveLength(1)
})

it('takes neither an outage nor a stop for a recovery, nor what is found again after it for news [G4, J4]', () => {
  const outage = fact({ cause: 'ConnectWise could not be reached.', amount: null })
  const unsettled = new Set(['7'])
  const away = tell(told(fact()), now([outage], { unsettled }))
  expect(away.digest?.news.map(({ cause }) => cause)).toEqual(['ConnectWise could not be reached.'])
  const stopped = tell(away.told, now([], { unsettled }))
  expect(stopped.digest).toBeNull()
  const back = tell(stopped.told, now([fact()]))
  expect(back.digest).toBeNull()
  expect(tell(stopped.told, now([], { working: new Set(['7']) })).digest?.recoveredCount).toBe(1)
})

it('says nothing of a customer whose Sync was switched off while it failed [J4]', () => {
  expect(tell(told(fact()), now([])).digest).toBeNull()
})

it('reminds after three days of all that still waits, and three days later again [J4]', () => {
  const waits = fact({ kind: 'waits', owner: '8', cause: 'How is it to begin?' })
  const price = fact({ kind: 'price', owner: '9', cause: 'The price changed.' })
  const facts = [fact(), waits, price]
  const known = told(...facts)
  expect(tell(known, now(facts, { at: at + reminderMs - 1 })).digest).toBeNull()
  const reminded = tell(known, now(facts, { at: at + reminderMs }))
  expect(reminded.digest?.news).toEqual([])
  expect(reminded.digest?.reminders.map(({ kind }) => kind)).toEqual(['error', 'waits'])
  expect(tell(reminded.told, now(facts, { at: at + reminderMs + 1 })).digest).toBeNull()
  expect(tell(reminded.told, now(facts, { at: at + 2 * reminderMs })).digest?.reminders).toHaveLength(2)
})

it('tells a term that ends once, and neither reminds of it nor tells it again [J12]', () => {
  const ends = fact({ kind: 'renewal', owner: '', cause: 'Terms end within 30 days.' })
  expect(tell(toldNothing, now([ends])).digest?.news).toMatchObject([{ kind: 'renewal', count: 1 }])
  expect(tell(told(ends), now([ends], { at: at + reminderMs })).digest).toBeNull()
  const between = tell(told(ends), now([], { at: at + 1 }))
  expect(tell(between.told, now([ends], { at: at + 2 })).digest).toBeNull()
})

it('tells a price warning once, though runs after it do not raise it and a later one does [G4]', () => {
  const price = fact({ kind: 'price', cause: 'The price changed.' })
  const between = tell(told(price), now([], { at: at + 1 }))
  expect(between.digest).toBeNull()
  expect(tell(between.told, now([price], { at: at + 2 })).digest).toBeNull()
  const forgotten = tell(between.told, now([], { at: at + priceMemoryMs }))
  expect(forgotten.told.facts).toEqual([])
})

it('says nothing of what is muted, neither news, reminder nor recovery; once unmuted it is told [J3]', () => {
  const muted = fact({ isMuted: true })
  expect(tell(toldNothing, now([muted])).digest).toBeNull()
  expect(tell(tell(toldNothing, now([muted])).told, now([fact()])).digest?.news).toHaveLength(1)
  const known = tell(told(fact()), now([muted], { at: at + reminderMs }))
  expect(known.digest).toBeNull()
  expect(tell(known.told, now([], { working: new Set(['7']) })).digest).toBeNull()
})

it('holds the first entries of a group, and counts and sums all of it', () => {
  const facts = Array.from({ length: mostEntries + 5 }, (_, index) =>
    fact({ owner: String(index), amount: '0.1' as Money }),
  )
  const [group] = tell(toldNothing, now(facts)).digest?.news ?? []
  expect(group).toMatchObject({ count: mostEntries + 5, total: '5.5' })
  expect(group?.entries).toHaveLength(mostEntries)
})

it('holds the causes with the most money, and the others as one with their sum', () => {
  const facts = Array.from({ length: mostGroups + 3 }, (_, index) =>
    fact({ cause: `Cause ${index}`, amount: String(index) as Money }),
  )
  const news = tell(toldNothing, now(facts)).digest?.news ?? []
  expect(news).toHaveLength(mostGroups + 1)
  expect(news[0]?.cause).toBe(`Cause ${mostGroups + 2}`)
  expect(news.at(-1)).toMatchObject({ cause: 'Other causes', count: 3, total: '3' })
})

// ───────────────────────────── random histories ─────────────────────────────

interface Step {
  readonly facts: readonly Fact[]
  readonly working: ReadonlySet<string>
  readonly waitMs: number
}
const owners = ['1', '2', '3'] as const
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    facts: fc.uniqueArray(
      fc
        .record({
          owner: fc.constantFrom(...owners),
          kind: fc.constantFrom(...factKinds),
          cause: fc.constantFrom('A', 'B'),
          amount: fc.constantFrom<Money | null>('1' as Money, '2' as Money, null),
          isMuted: fc.boolean(),
        })
        .map(fact),
      { selector: ({ id }) => id },
    ),
    working: fc.constant<ReadonlySet<string>>(new Set(owners)),
    waitMs: fc.constantFrom(0, 3_600_000, reminderMs, priceMemoryMs),
  }),
  { maxLength: 12 },
)

const history = (
  all: readonly Step[],
): { step: Step; at: number; before: Told; digest: Digest | null; after: Told }[] => {
  let before = toldNothing
  let time = at
  return all.map((step) => {
    time += step.waitMs
    const { digest, told: after } = nextDigest(before, now(step.facts, { working: step.working, at: time }))
    const entry = { step, at: time, before, digest, after }
    before = after
    return entry
  })
}
const counted = (digest: Digest | null, part: 'news' | 'reminders'): number =>
  (digest?.[part] ?? []).reduce((total, { count }) => total + count, 0)

it('is silent when asked again of the same, for every history [J4]', () => {
  fc.assert(
    fc.property(steps, (all) => {
      for (const { step, at: time, after } of history(all)) {
        const again = nextDigest(after, now(step.facts, { working: step.working, at: time }))
        expect(again.digest).toBeNull()
        expect(again.told).toEqual(after)
      }
    }),
  )
})

it('leaves nothing untold: whatever holds and is not muted was told, with its amount, for every history [J4]', () => {
  fc.assert(
    fc.property(steps, (all) => {
      for (const { step, after, at: time } of history(all))
        for (const { id, amount, isMuted, kind } of step.facts) {
          const known = after.facts.find((each) => each.id === id)
          if (isMuted) continue
          expect(known?.amount).toBe(amount)
          if (!['price', 'renewal', 'closed'].includes(kind))
            expect(time - (known?.toldAt ?? 0)).toBeLessThan(reminderMs)
        }
    }),
  )
})

it('tells as news exactly what was not told so before, for every history [J4]', () => {
  fc.assert(
    fc.property(steps, (all) => {
      for (const { step, before, digest } of history(all)) {
        const isNews = (each: Fact): boolean => {
          const known = before.facts.find(({ id }) => id === each.id)
          return !each.isMuted && (known === undefined || known.amount !== each.amount)
        }
        expect(counted(digest, 'news')).toBe(step.facts.filter(isNews).length)
      }
    }),
  )
})

it('tells a recovery only of who was told as failing and fails no more, for every history [G4]', () => {
  fc.assert(
    fc.property(steps, (all) => {
      for (const { step, before, digest } of history(all))
        for (const { customer } of digest?.recovered ?? []) {
          const isIts = (each: { kind: string; customer: string }) =>
            each.kind === 'error' && each.customer === customer
          expect(before.facts.some(isIts)).toBe(true)
          expect(step.facts.some(isIts)).toBe(false)
        }
    }),
  )
})
