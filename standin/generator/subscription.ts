/** One generated subscription: what it is and what happens to it, month by month. */
import {
  addDays,
  type Day,
  daysInMonth,
  firstDay,
  lastDay,
  type Month,
  monthOf,
  nextMonth,
} from '../prism/calendar.ts'
import {
  type AzureUsage,
  annualTermBilledAnnually,
  annualTermBilledMonthly,
  type History,
  monthlyTerm,
  noTerm,
  type SubscriptionEvent,
} from '../prism/history.ts'
import { type Draws, drawsFor } from './draws.ts'
import { idOf } from './ids.ts'
import type { GeneratorOptions } from './options.ts'
import { azureProduct, dayIn, money } from './products.ts'

/** In hundredths of a percent. */
const kinds = { licences: 9_080, annualTerm: 500, azure: 200, annual: 120, twoProducts: 100 }

/** What happens in a month to a subscription that runs, in hundredths of a percent. */
const happenings = {
  nothing: 8_600,
  more: 620,
  fewer: 300,
  several: 130,
  none: 30,
  pause: 60,
  suspend: 60,
  move: 80,
  end: 120,
}

/** One history, or two where two products share the subscription's id. `tenant` counts all tenants of all partners. */
export function generateSubscription(options: GeneratorOptions, tenant: number, within: number): History[] {
  const draws = drawsFor(options.seed, 'subscription', tenant, within)
  const identity = {
    subscriptionId: idOf(options.seed, 'subscription', tenant, within),
    tenantId: idOf(options.seed, 'tenant', tenant),
  }
  const kind = draws.weighted(kinds)
  const startedOn = start(options, draws)
  if (kind === 'azure') {
    const productId = idOf(options.seed, 'product', azureProduct)
    const term = draws.chance(20) ? noTerm : monthlyTerm
    const usage = azureUsage(options, startedOn, tenant, within)
    return [{ ...identity, kind, term, productId, startedOn, usage }]
  }
  if (kind === 'annual') {
    const cents = draws.whole(3_000, 90_000)
    const prices = { cost: money(cents), rrp: money(Math.round(cents * 1.2)) }
    const quantity = draws.whole(1, 20)
    const productId = product(options, draws)
    return [
      {
        ...identity,
        kind,
        term: annualTermBilledAnnually,
        productId,
        orderedOn: startedOn,
        quantity,
        ...prices,
      },
    ]
  }
  const licences = (line: number): History => ({
    ...identity,
    kind: 'licences',
    term: kind === 'annualTerm' ? annualTermBilledMonthly : monthlyTerm,
    events: events(options, startedOn, [tenant, within, line]),
    ...(identity.subscriptionId.charCodeAt(0) % 20 === 0 ? { shownBySku: true as const } : {}),
  })
  return kind === 'twoProducts' ? [licences(0), licences(1)] : [licences(0)]
}

/** Most ran already when the first invoice came out; the others begin in the year after. */
function start({ firstUsage }: GeneratorOptions, draws: Draws): Day {
  const runsAlready = draws.chance(80)
  return dayIn(nextMonth(firstUsage, runsAlready ? -draws.whole(1, 18) : draws.whole(0, 11)), draws)
}

/** Quantities as customers have them: many small, some large. */
function firstQuantity(draws: Draws): number {
  return draws.weighted({ few: 6, some: 3, many: 1 }) === 'few'
    ? draws.whole(1, 9)
    : draws.whole(5, draws.pick([25, 40, 250]))
}

interface Running {
  productId: string
  quantity: number
  status: 'active' | 'suspended' | 'ended'
}

/** A month's events depend on the month and on what was before, so a longer history begins like a shorter one. */
function events(
  options: GeneratorOptions,
  startedOn: Day,
  path: readonly [number, number, number],
): SubscriptionEvent[] {
  const beginning = drawsFor(options.seed, 'month', ...path, -1)
  const running: Running = {
    productId: product(options, beginning),
    quantity: firstQuantity(beginning),
    status: 'active',
  }
  const list: SubscriptionEvent[] = [
    { kind: 'start', on: startedOn, productId: running.productId, quantity: running.quantity },
  ]
  for (let index = 0; index < options.months; index++) {
    const month = nextMonth(options.firstUsage, index)
    if (lastDay(month) <= startedOn) continue
    const draws = drawsFor(options.seed, 'month', ...path, index)
    const earliest = monthOf(startedOn) === month ? addDays(startedOn, 1) : firstDay(month)
    list.push(...monthOfEvents(running, earliest, draws, options))
  }
  return list
}

function monthOfEvents(
  running: Running,
  earliest: Day,
  draws: Draws,
  options: GeneratorOptions,
): SubscriptionEvent[] {
  const day = dayFrom(earliest, draws)
  if (running.status === 'ended') return draws.chance(3) ? [begin(running, day, draws)] : []
  if (running.status === 'suspended') {
    if (draws.chance(30)) return [end(running, day)]
    running.status = 'active'
    return [{ kind: 'resume', on: day }]
  }
  switch (draws.weighted(happenings)) {
    case 'nothing':
      return []
    case 'more':
      return [change(running, day, running.quantity + draws.whole(1, 1 + Math.ceil(running.quantity / 4)))]
    case 'fewer':
      return [
        change(
          running,
          day,
          Math.max(1, running.quantity - draws.whole(1, 1 + Math.floor(running.quantity / 4))),
        ),
      ]
    case 'several':
      return daysFrom(earliest, draws).map((on) =>
        change(running, on, Math.max(1, running.quantity + draws.whole(-3, 5))),
      )
    case 'none':
      return [change(running, day, 0)]
    case 'pause': {
      const days = daysFrom(earliest, draws)
      const [from = day, until] = days
      return until === undefined
        ? []
        : [
            { kind: 'suspend', on: from },
            { kind: 'resume', on: until },
          ]
    }
    case 'suspend':
      running.status = 'suspended'
      return [{ kind: 'suspend', on: day }]
    case 'move':
      running.productId = product(options, draws)
      return [{ kind: 'move', on: day, productId: running.productId }]
    case 'end':
      return [end(running, day)]
  }
}

function begin(running: Running, on: Day, draws: Draws): SubscriptionEvent {
  running.status = 'active'
  running.quantity = firstQuantity(draws)
  return { kind: 'start', on, productId: running.productId, quantity: running.quantity }
}

function change(running: Running, on: Day, quantity: number): SubscriptionEvent {
  running.quantity = quantity
  return { kind: 'quantity', on, quantity }
}

function end(running: Running, on: Day): SubscriptionEvent {
  running.status = 'ended'
  return { kind: 'end', on }
}

/** A licence product, the first ones of the list more often. */
function product({ seed, products }: GeneratorOptions, draws: Draws): string {
  const last = Math.max(1, products - 1)
  const index = draws.whole(1, draws.whole(1, last))
  return idOf(seed, 'product', Math.min(index, products - 1))
}

/** `earliest` or a later day of its month; in one of four cases `earliest`. */
function dayFrom(earliest: Day, draws: Draws): Day {
  const left = daysInMonth(monthOf(earliest)) - Number(earliest.slice(8))
  return draws.chance(25) ? earliest : addDays(earliest, draws.whole(0, left))
}

/** Two or three different days in order; fewer where the month has no more. */
function daysFrom(earliest: Day, draws: Draws): Day[] {
  const days = Array.from({ length: draws.whole(2, 3) }, () => dayFrom(earliest, draws))
  return [...new Set(days)].sort()
}

/** Amounts by month; one month in ten has none, and now and then the charge does not span the month. */
function azureUsage(
  options: GeneratorOptions,
  startedOn: Day,
  tenant: number,
  within: number,
): Record<Month, AzureUsage> {
  const usage: Record<Month, AzureUsage> = {}
  for (let index = 0; index < options.months; index++) {
    const month = nextMonth(options.firstUsage, index)
    const draws = drawsFor(options.seed, 'azure', tenant, within, index)
    const cents = draws.whole(1, draws.pick([2_000, 30_000, 400_000]))
    const first =
      monthOf(startedOn) === month ? startedOn : draws.chance(10) ? dayIn(month, draws) : firstDay(month)
    if (month < monthOf(startedOn) || draws.chance(10)) continue
    usage[month] = { cost: money(cents), rrp: money(Math.round(cents * 1.1)), first }
  }
  return usage
}
