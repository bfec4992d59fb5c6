/**
 * What is known of a subscription that is on no line any more does not depend on how its last lines stood.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { changesOf, plan } from './plan.ts'
import { tellsMore } from './standing.ts'
import { addition, line, owned, situation, usage } from './testing/factories.ts'
import type { InvoiceLine } from './types.ts'

const monthly = line(5, '2026-08', 1, 31)
const annual = line(5, '2026-08', 1, 31, { row: 3, termUnit: 'YEARS' })

it.each([
  ['first', [annual, monthly]],
  ['last', [monthly, annual]],
])('a subscription whose annual line stands %s is not ended, also two months later [F4]', (_, lines) => {
  const june = addition(5, '2026-06-01')
  const [, september, october] = plan(
    situation({
      additions: [june],
      owned: owned(june),
      usages: [usage(lines, '2026-08'), usage([], '2026-09'), usage([], '2026-10')],
    }),
  ).periods
  for (const period of [september, october])
    expect(period && changesOf(period).filter(({ kind }) => kind !== 'keep')).toEqual([])
})

it('is the same whatever the order of the lines', () => {
  const some = fc.record({ day: fc.integer({ min: 28, max: 30 }), isAnnual: fc.boolean() })
  const latest = (lines: readonly InvoiceLine[]) =>
    lines.reduce<InvoiceLine | undefined>(
      (known, each) => (tellsMore(each, known, false) ? each : known),
      undefined,
    )
  fc.assert(
    fc.property(fc.array(some, { maxLength: 8 }), (all) => {
      const lines = all.map(({ day, isAnnual }) =>
        line(5, '2026-09', 1, day, isAnnual ? { termUnit: 'YEARS' } : {}),
      )
      expect(latest(lines)).toEqual(latest([...lines].reverse()))
    }),
  )
})
