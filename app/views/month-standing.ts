import type { Month } from '#app/api/schemas/months.ts'
import type { MonthTotals } from '#db/months/month-page.ts'
import type { Money } from '#lib/billing/types.ts'

/** How many customers are in each state, and what those are invoiced that agree. */
export function standingOf({ states }: MonthTotals): Month['standing'] {
  const countOf = (state: string): number => states.find((each) => each.state === state)?.customers ?? 0
  const accepted = states.filter(({ state }) => state === 'differs' || state === 'open')
  return {
    customers: states.reduce((sum, { customers }) => sum + customers, 0),
    counts: {
      failed: countOf('failed'),
      waits: countOf('waits'),
      open: countOf('open'),
      differs: countOf('differs'),
      agrees: countOf('agrees'),
    },
    accepted: accepted.reduce((sum, each) => sum + each.accepted, 0),
    proved: states.find(({ state }) => state === 'agrees')?.invoiced ?? ('0' as Money),
  }
}
