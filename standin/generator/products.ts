/** The generated price list: products that appear, change price and retire while invoices come out. */
import { addDays, type Day, firstDay, nextMonth } from '../prism/calendar.ts'
import type { Price, Product } from '../prism/history.ts'
import { type Draws, drawsFor } from './draws.ts'
import { idOf } from './ids.ts'
import type { GeneratorOptions } from './options.ts'

/** Months after the first usage in which prices change, however long the history is. */
const monthsOfPrices = 36

/** The first product is Azure; every other one is licences. */
export const azureProduct = 0

/** Cents, from and to: a month's unit of cheap, usual and dear products, and of those that cost nothing. */
const ranges = { nothing: [0, 0], cheap: [60, 900], usual: [400, 4_500], dear: [4_500, 18_000] } as const

export function generateProducts(options: GeneratorOptions): readonly Product[] {
  return Array.from({ length: options.products }, (_, index) =>
    index === azureProduct ? azurePlan(options) : licence(index, options),
  )
}

function azurePlan({ seed }: GeneratorOptions): Product {
  const productId = idOf(seed, 'product', azureProduct)
  return {
    productId,
    sku: productId.toUpperCase(),
    name: 'Azure plan',
    group: 'Azure',
    unit: 'Usage-based',
    prices: [{ from: '2020-01-01', cost: '0', rrp: '0' }],
  }
}

function licence(index: number, options: GeneratorOptions): Product {
  const { seed, firstUsage } = options
  const draws = drawsFor(seed, 'product', index)
  const productId = idOf(seed, 'product', index)
  const sku = draws.chance(60) ? productId : idOf(seed, 'sku', index)
  const listing = draws.weighted({ always: 92, appears: 4, retires: 4 })
  const turn = dayIn(nextMonth(firstUsage, draws.whole(0, 11)), draws)
  return {
    productId,
    sku: sku.toUpperCase(),
    name: name(index, draws),
    group: 'Microsoft CSP',
    unit: draws.chance(85) ? 'Licenses' : 'User',
    prices: prices(options, draws),
    ...(draws.chance(4) ? { legacy: true as const } : {}),
    ...(listing === 'appears' ? { listedFrom: turn } : {}),
    ...(listing === 'retires' ? { retiredFrom: turn } : {}),
  }
}

const families = ['Microsoft 365', 'Office 365', 'Exchange Online', 'Dynamics 365', 'Power Platform'] as const
const plans = ['Basic', 'Standard', 'Premium', 'Plan 1', 'Plan 2', 'E3', 'E5', 'F3', 'Add-on'] as const
const pricings = ['', '', '', '', ' (Non-Profit Pricing)', ' (Faculty Pricing)'] as const
/** Longer than the 60 characters of a catalog description, and equal in them. */
const long = 'Security and Compliance Management for Frontline Workers'

/** Unique by its number. */
function name(index: number, draws: Draws): string {
  const body = `${draws.pick(families)} ${draws.chance(6) ? `${long} ` : ''}${draws.pick(plans)}`
  return `${body} ${index}${draws.pick(pricings)}`
}

function prices({ firstUsage }: GeneratorOptions, draws: Draws): Price[] {
  const range = ranges[draws.weighted({ nothing: 2, cheap: 25, usual: 58, dear: 15 })]
  let cents = draws.whole(range[0], range[1])
  const list = [price('2020-01-01', cents, draws)]
  for (let month = 0; month < monthsOfPrices; month++) {
    const changes = draws.chance(1.5)
    const day = dayIn(nextMonth(firstUsage, month), draws)
    const percent = draws.pick([93, 103, 105, 110, 120])
    if (!changes || cents === 0) continue
    cents = Math.round((cents * percent) / 100)
    list.push(price(day, cents, draws))
  }
  return list
}

function price(from: Day, cents: number, draws: Draws): Price {
  return { from, cost: money(cents), rrp: money(Math.round((cents * draws.whole(105, 135)) / 100)) }
}

/** Decimal text of an amount in cents. */
export function money(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
}

/** A day of the month; in one of three cases the first. */
export function dayIn(month: string, draws: Draws): Day {
  return draws.chance(33) ? firstDay(month) : addDays(firstDay(month), draws.whole(0, 27))
}
