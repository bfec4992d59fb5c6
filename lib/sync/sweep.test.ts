/**
 * The crash sweep: whatever goes wrong at whichever write of a sync, the scheduled job by itself ends in the additions of a sync
 * in which nothing went wrong, and one sync more writes nothing. It looks at nothing but what ConnectWise holds.
 *
 * `SWEEP=full` strikes each write of six mappings alone, and those of forty. `SWEEP_CASE="<kind>/<n>"` repeats one case,
 * `SWEEP_CASE="<kind>/<n>/<place>"` one write.
 */
import { afterAll, describe, expect, it } from 'vitest'
import { type Kind, kinds, type Place, placeOf, ruleAt } from './testing/sweep/kinds.ts'
import { customersOf, fewest } from './testing/sweep/mappings.ts'
import { isFull, type Suite, useSuite } from './testing/sweep/suite.ts'

const MANY = 40
const only = process.env.SWEEP_CASE?.split('/')

/** What is struck in one case: of each place the n-th write, and unless it is to be alone each third one after it. */
interface Case {
  readonly nth: number
  readonly strikes: readonly { readonly place: Place; readonly nths: readonly number[] }[]
}
const STRIDE = 3

/** How many writes go to each place. */
const writesOf = ({ clean }: Suite): Map<Place, number> => {
  const counts = new Map<Place, number>()
  for (const write of clean.writes[0] ?? []) {
    const place = placeOf(write)
    if (place === null) throw new Error(`${write} goes to no place that is known`)
    counts.set(place, (counts.get(place) ?? 0) + 1)
  }
  return counts
}

/** Agreements do not touch each other, so all of them are struck in one case, unless each write is to be alone. */
const casesOf = (suite: Suite, isEachAlone: boolean): Case[] => {
  const counts = [...writesOf(suite)]
  const most = Math.max(...counts.map(([, count]) => count))
  const numbers = (from: number, to: number, by = 1): number[] =>
    Array.from({ length: Math.max(0, Math.ceil((to - from + 1) / by)) }, (_, at) => from + by * at)
  if (isEachAlone)
    return numbers(1, most).flatMap((nth) =>
      counts
        .filter(([, count]) => count >= nth)
        .map(([place]) => ({ nth, strikes: [{ place, nths: [nth] }] })),
    )
  return numbers(1, Math.min(most, STRIDE)).map((nth) => ({
    nth,
    strikes: counts.map(([place, count]) => ({ place, nths: numbers(nth, count, STRIDE) })),
  }))
}

const strikesIn = ({ strikes }: Case): number => strikes.reduce((sum, { nths }) => sum + nths.length, 0)

const chosen = (suite: Suite, name: string, isEachAlone: boolean): Case[] => {
  const [kind, nth, place] = only ?? []
  if (kind === undefined) return casesOf(suite, isEachAlone)
  if (kind !== name) return []
  return casesOf(suite, place !== undefined).filter(
    (each) => each.nth === Number(nth) && (place === undefined || each.strikes[0]?.place === place),
  )
}

/** What is wrong after the case, with how to repeat it; `null`: nothing. */
const problemOf = async (suite: Suite, name: string, kind: Kind, each: Case) => {
  const { does, isSentAgain = false } = kind
  const { nth, strikes } = each
  const how = [name, nth, ...(strikes.length === 1 ? strikes.map(({ place }) => place) : [])].join('/')
  try {
    const result = await suite.run({
      rules: [
        strikes.flatMap(({ place, nths }) =>
          nths.map((of, before) => ruleAt(kind, place, isSentAgain ? of + before : of)),
        ),
      ],
      patience: kind.patience,
      ...(does && { onStrike: (_, now) => does(now) }),
    })
    expect(result.struck).toBe(strikesIn(each))
    expect(result.states).toEqual(suite.clean.states)
    return null
  } catch (error) {
    return `SWEEP_CASE="${how}": ${error instanceof Error ? error.message : String(error)}`
  }
}

const sweep = (title: string, count: number, isEachAlone: boolean): void => {
  describe(title, () => {
    const suite = useSuite([customersOf(count)])
    let cases = 0
    let strikes = 0
    afterAll(() => {
      const writes = [...writesOf(suite).values()].reduce((sum, each) => sum + each, 0)
      console.log(
        `crash sweep: ${count} mappings, ${writes} writes, ${Object.keys(kinds).length} faults, ${strikes} strikes in ${cases} cases`,
      )
    })

    it.skipIf(only !== undefined)('needs every kind of change', () => {
      const writes = suite.clean.writes[0] ?? []
      const methods = writes.map(
        (write) => `${write.split(' ')[0]} ${placeOf(write) === 'catalog' ? 'item' : 'addition'}`,
      )
      expect(new Set(methods)).toEqual(
        new Set(['POST addition', 'PATCH addition', 'DELETE addition', 'POST item']),
      )
    })

    for (const [name, kind] of Object.entries(kinds))
      it(`each write ${name}: it ends as if nothing had happened, and one sync more writes nothing [docs/applying.md]`, async () => {
        const all = chosen(suite, name, isEachAlone)
        cases += all.length
        strikes += all.reduce((sum, each) => sum + strikesIn(each), 0)
        const problems = await Promise.all(all.map((each) => problemOf(suite, name, kind, each)))
        expect(problems.filter((problem) => problem !== null)).toEqual([])
      }, 3_600_000)
  })
}

sweep('a sync of six mappings', fewest, isFull)
if (isFull) sweep('a sync of forty mappings', MANY, false)
