/** A person moves a customer's mapping, clears it, or maps the customer anew (`lib/setup/map-customer.ts`). */
import { agreementFindings } from '../agreement-rules.ts'
import { addMonths, firstDay } from '../days.ts'
import { additionsOfTenant } from '../moving.ts'
import { earliestTakeover } from '../takeover.ts'
import type { Day, Period } from '../types.ts'
import { type Collecting, readAlone } from './world-collect.ts'
import type { At } from './world-connectwise.ts'
import { tenantId } from './world-prism.ts'
import type { Mapping } from './world-progress.ts'
import { firstPeriod, type MoveStory, type WorldStory } from './world-story.ts'

interface Moving extends Collecting {
  readonly story: WorldStory
}

/** False where the product would have refused it. */
export const move = (world: Moving, index: number, wish: MoveStory): boolean => {
  const mapping = world.memory.mappings.get(tenantId(index))
  return mapping === undefined ? mapAnew(world, index, wish) : leave(world, mapping, wish)
}

const leave = (world: Moving, before: Mapping, { to, later }: MoveStory): boolean => {
  const { memory } = world
  const { tenant, agreement, firstPeriod: first } = before
  // Back at once, before anything was looked at: what it left ends in one round of a sync, and is made anew in the next.
  if (memory.newest === null && memory.former.some((each) => each.tenant === tenant)) return false
  if (memory.former.some((each) => each.tenant === tenant && each.agreement === agreement && !each.isDone))
    return false
  const target = to === 'none' ? null : ((1 - agreement) as At)
  const situation = readAlone(world, agreement)
  const lastGood =
    memory.states
      .filter((each) => each.agreement === agreement && each.tenant === tenant && each.is === 'good')
      .map(({ period }) => period)
      .sort()
      .at(-1) ?? null
  const earliest = earliestTakeover({
    situation,
    tenantId: tenant,
    lastGood,
    first: first ?? memory.newest ?? (today(world).slice(0, 7) as Period),
    target: target === null ? null : { agreement: world.cabinets[target].agreement, currency: 'AUD' },
  })
  if (earliest === null) return false
  const from = addMonths(earliest.from, later)
  const isUntouched = lastGood === null && additionsOfTenant(situation, tenant).length === 0
  const begins = isUntouched && later === 0 && target !== null ? null : from
  if (target !== null && !isSuitable(world, tenant, target, begins)) return false
  if (begins !== null)
    memory.putFormer({
      tenant,
      agreement,
      firstPeriod: first,
      lastPeriod: addMonths(from, -1),
      isDone: false,
    })
  if (target === null) memory.mappings.delete(tenant)
  else memory.mappings.set(tenant, { tenant, agreement: target, firstPeriod: begins, begin: null })
  return true
}

/** A customer without a mapping is mapped to the agreement that it left last, or to the other one. */
const mapAnew = (world: Moving, index: number, { to }: MoveStory): boolean => {
  const { memory, story } = world
  const tenant = tenantId(index)
  const left = memory.former.filter((each) => each.tenant === tenant).at(-1)
  if (left === undefined) throw new Error(`${tenant} is not mapped and left no agreement`)
  const target = (to === 'none' ? left.agreement : 1 - left.agreement) as At
  const last = memory.former
    .filter((each) => each.tenant === tenant && each.agreement !== target)
    .map(({ lastPeriod }) => lastPeriod)
    .sort()
    .at(-1)
  const isBilled = last !== undefined && (memory.newest === null || last >= memory.newest)
  const begins = isBilled ? addMonths(last, 1) : null
  if (!isSuitable(world, tenant, target, begins)) return false
  const teller = story.tenants[index]
  const begin = teller?.isBeginChosen ? teller.begin : null
  memory.mappings.set(tenant, { tenant, agreement: target, firstPeriod: begins, begin })
  return true
}

/** The day on which people do it. */
const today = ({ now }: Collecting): Day => `${addMonths(firstPeriod, now)}-10` as Day

const isSuitable = (world: Moving, tenant: string, target: At, begins: Period | null): boolean => {
  const { agreement } = world.cabinets[target]
  const first = begins ?? world.memory.newest
  return agreementFindings(agreement, { today: today(world), firstPeriod: first, currency: 'AUD' }).every(
    ({ severity, code }) =>
      severity !== 'error' ||
      (code === 'starts-too-late' && begins !== null && agreement.startDate === firstDay(begins)),
  )
}
