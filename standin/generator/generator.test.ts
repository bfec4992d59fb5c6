import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, daysInMonth, firstDay, lastDay, monthOf, nextMonth } from '../prism/calendar.ts'
import { type History, isListed, type SubscriptionEvent, stateOn } from '../prism/history.ts'
import { type InvoiceLine, linesOfMonth } from '../prism/lines.ts'
import type { Partner } from '../prism/seed.ts'
import { generateConnectWise } from './connectwise-seed.ts'
import { type GeneratorOptions, generatorOptions } from './options.ts'
import { generatePrism } from './prism-seed.ts'
import { amongPartners, amongTenants, lengthOf, ownerOf, rangeOf } from './sizes.ts'

const largest = { partners: 3_000, tenants: 200_000, subscriptions: 1_000_000, products: 400 }

function historiesOf(partner: Partner): History[] {
  return [...partner.portfolio.tenants()].flatMap(({ tenantId }) => partner.portfolio.histories(tenantId))
}

function linesIn(partner: Partner, month: string, histories = historiesOf(partner)): InvoiceLine[] {
  const products = new Map(partner.products.map((product) => [product.productId, product]))
  return [...linesOfMonth(histories, products, month)]
}

function firstPartner(options: Partial<GeneratorOptions>): Partner {
  const [partner] = generatePrism(options).partners
  if (partner === undefined) throw new Error('There is always a partner')
  return partner
}

function digest(options: Partial<GeneratorOptions>): string {
  const sum = createHash('sha256')
  for (const partner of generatePrism(options).partners) {
    const { portfolio, ...rest } = partner
    sum.update(JSON.stringify([rest, ...portfolio.tenants(), ...historiesOf(partner)]))
  }
  return sum.digest('hex')
}

const small = fc.record({
  seed: fc.nat({ max: 2 ** 32 - 1 }),
  partners: fc.integer({ min: 1, max: 6 }),
  tenants: fc.integer({ min: 0, max: 40 }),
  subscriptions: fc.integer({ min: 0, max: 200 }),
  products: fc.integer({ min: 1, max: 60 }),
  months: fc.integer({ min: 1, max: 14 }),
})

describe('the same seed', () => {
  it('gives the same data, on every machine and in every year', () => {
    const options = { seed: 7, partners: 3, tenants: 40, subscriptions: 200 }
    expect(digest(options)).toBe('f0913efa3a9deba1c3d687f79c721812f63079c721c268e5e18f2fb3a0deccd6')
    expect(digest(options)).toBe(digest(options))
  })

  it('and another one gives other data', () => {
    expect(digest({ seed: 8 })).not.toBe(digest({ seed: 7 }))
  })

  it('gives a tenant and its subscriptions by id as it gives them in the list', () => {
    fc.assert(
      fc.property(small, (options) => {
        for (const { portfolio } of generatePrism(options).partners)
          for (const tenant of portfolio.tenants()) {
            expect(portfolio.tenant(tenant.tenantId.toUpperCase())).toEqual(tenant)
            for (const history of portfolio.histories(tenant.tenantId))
              expect(portfolio.tenantOf(history.subscriptionId)).toEqual(tenant)
          }
      }),
      { numRuns: 30 },
    )
  })

  it('begins a longer history like a shorter one, to the line', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 10 }), (options, more) => {
        const short = firstPartner(options)
        const long = firstPartner({ ...options, months: options.months + more })
        for (let index = 0; index < options.months; index++) {
          const month = nextMonth(short.firstUsage, index)
          expect(linesIn(long, month)).toEqual(linesIn(short, month))
        }
      }),
      { numRuns: 20 },
    )
  })
})

describe('sizes', () => {
  it('are exactly what was asked for, and every id is there once', () => {
    fc.assert(
      fc.property(small, (options) => {
        const { partners } = generatePrism(options)
        const tenants = partners.flatMap(({ portfolio }) => [...portfolio.tenants()])
        const ids = partners.flatMap(historiesOf).map(({ subscriptionId }) => subscriptionId)
        expect(partners).toHaveLength(options.partners)
        expect(tenants).toHaveLength(options.tenants)
        expect(new Set(tenants.map(({ tenantId }) => tenantId)).size).toBe(options.tenants)
        expect(new Set(tenants.map(({ domain }) => domain)).size).toBe(options.tenants)
        // A partner without tenants leaves its share of the subscriptions out.
        const lost = partners.some(({ portfolio }) => portfolio.size === 0)
        if (lost) expect(new Set(ids).size).toBeLessThanOrEqual(options.subscriptions)
        else expect(new Set(ids).size).toBe(options.subscriptions)
      }),
      { numRuns: 50 },
    )
  })

  it('go up to 3,000 partners with 1,000,000 subscriptions, the largest with more than 100,000', () => {
    const sizes = Array.from({ length: largest.partners }, (_, index) => ({
      tenants: lengthOf(rangeOf(index, largest.partners, largest.tenants, amongPartners)),
      subscriptions: lengthOf(rangeOf(index, largest.partners, largest.subscriptions, amongPartners)),
    }))
    expect(sizes.reduce((sum, { tenants }) => sum + tenants, 0)).toBe(largest.tenants)
    expect(sizes.reduce((sum, { subscriptions }) => sum + subscriptions, 0)).toBe(largest.subscriptions)
    expect(sizes[0]?.subscriptions).toBeGreaterThanOrEqual(100_000)
    expect(Math.min(...sizes.map(({ tenants }) => tenants))).toBeGreaterThan(10)
  })

  it('share out so that a place finds its owner again', () => {
    const inequality = fc.constantFrom(amongPartners, amongTenants)
    const [owners, total] = [fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 1_000_000 })]
    fc.assert(
      fc.property(owners, total, fc.nat(), inequality, (ofOwners, ofTotal, number, among) => {
        const place = number % ofTotal
        const { start, end } = rangeOf(ownerOf(place, ofOwners, ofTotal, among), ofOwners, ofTotal, among)
        expect(start <= place && place < end).toBe(true)
      }),
    )
  })

  it('out of range are refused by name', () => {
    expect(() => generatorOptions({ tenants: 200_001 })).toThrow('tenants is a whole number from 0 to 200000')
    expect(() => generatorOptions({ partners: 0 })).toThrow('partners')
    expect(() => generatorOptions({ seed: 1.5 })).toThrow('seed')
    expect(() => generatorOptions({ firstUsage: '2026-13' })).toThrow('firstUsage')
  })

  it('of other people’s ids are none: another seed’s, another partner’s, made-up ones', () => {
    const [one, two] = generatePrism({ partners: 2, tenants: 10, subscriptions: 50 }).partners
    const [tenant] = two?.portfolio.tenants() ?? []
    const [foreign] = firstPartner({ seed: 2 }).portfolio.tenants()
    for (const id of [tenant?.tenantId, foreign?.tenantId, '', 'x', '00000000-0000-4000-8000-000000000000']) {
      expect(one?.portfolio.tenant(id ?? '')).toBeUndefined()
      expect(one?.portfolio.histories(id ?? '')).toEqual([])
    }
  })
})

describe('histories', () => {
  const partner = firstPartner({ seed: 3, tenants: 800, subscriptions: 6_000, products: 300 })
  const histories = historiesOf(partner)
  const months = Array.from({ length: 12 }, (_, index) => nextMonth(partner.firstUsage, index))
  const products = new Map(partner.products.map((product) => [product.productId, product]))
  const licences = histories.filter((history) => history.kind === 'licences')

  it('are in order, one event a day, and make lines that do not overlap and carry the whole quantity [F2]', () => {
    for (const { events } of licences) {
      const days = events.map(({ on }) => on)
      expect(days).toEqual([...new Set(days)].sort())
    }
    const known = new Map(histories.map((history) => [history.subscriptionId, history]))
    for (const line of linesIn(partner, months[5] ?? '', histories)) {
      expect(line.first <= line.last).toBe(true)
      expect(known.get(line.subscriptionId)?.tenantId).toBe(line.tenantId)
      expect(Number(line.quantity)).toBeGreaterThan(0)
    }
  })

  it.each<[what: string, least: number, of: (month: string) => number]>([
    ['starts inside a month', 3, (month) => started(month, (on) => on > firstDay(month))],
    ['starts on the 1st', 1, (month) => started(month, (on) => on === firstDay(month))],
    ['increases', 150, (month) => changes(month, (before, after) => after > before)],
    ['decreases', 50, (month) => changes(month, (before, after) => after < before && after > 0)],
    ['quantities of 0', 1, (month) => changes(month, (_, after) => after === 0)],
    ['several changes in one month', 20, (month) => inMonth(month, (all) => ofKind(all, 'quantity') > 1)],
    ['suspended and resumed in one month', 4, (month) => inMonth(month, pauses)],
    [
      'suspended for longer',
      8,
      (month) => inMonth(month, (all) => ofKind(all, 'suspend') === 1 && !pauses(all)),
    ],
    [
      'ended inside a month',
      20,
      (month) => inMonth(month, (all) => endsAt(all, (on) => on > firstDay(month))),
    ],
    [
      'ended with the month before',
      5,
      (month) => inMonth(month, (all) => endsAt(all, (on) => on === firstDay(month))),
    ],
    ['moved to another offer', 15, (month) => inMonth(month, (all) => ofKind(all, 'move') > 0)],
  ])('have %s', (_what, least, count) => {
    const middle = months[6] ?? ''
    expect(count(middle)).toBeGreaterThanOrEqual(least)
    expect(months.every((month) => Number.isInteger(count(month)))).toBe(true)
  })

  it('have come back after their end, annual terms, two products under one id, and Azure in part of a month [F3][F4]', () => {
    const starts = licences.filter(({ events }) => ofKind(events, 'start') > 1)
    expect(starts.length).toBeGreaterThan(5)
    expect(licences.filter(({ term }) => term.unit === 'YEARS').length).toBeGreaterThan(200)
    expect(histories.filter(({ kind }) => kind === 'annual').length).toBeGreaterThan(40)
    const ids = Map.groupBy(histories, ({ subscriptionId }) => subscriptionId)
    expect([...ids.values()].filter((same) => same.length === 2).length).toBeGreaterThan(30)
    const azure = histories.filter((history) => history.kind === 'azure')
    const usages = azure.flatMap(({ usage }) => Object.entries(usage))
    expect(azure.some(({ term }) => term.billingCycle === '')).toBe(true)
    expect(usages.filter(([month, { first }]) => first !== firstDay(month)).length).toBeGreaterThan(20)
    expect(usages.length).toBeLessThan(azure.length * months.length)
  })

  it('meet price changes inside a month, at its border, and products that appear, retire and cost nothing [F6][D4]', () => {
    const later = partner.products.flatMap(({ prices }) => prices.slice(1))
    expect(later.some(({ from }) => from === firstDay(monthOf(from)))).toBe(true)
    expect(later.some(({ from }) => from !== firstDay(monthOf(from)))).toBe(true)
    const [first, last] = [firstDay(months[0] ?? ''), lastDay(months[11] ?? '')]
    const counts = (is: (product: (typeof partner.products)[number]) => boolean) =>
      partner.products.filter(is).length
    expect(counts((product) => !isListed(product, first) && isListed(product, last))).toBeGreaterThan(0)
    expect(counts((product) => isListed(product, first) && !isListed(product, last))).toBeGreaterThan(0)
    expect(
      counts((product) => product.unit === 'Licenses' && product.prices[0]?.cost === '0.00'),
    ).toBeGreaterThan(0)
    expect(counts(({ name }) => name.length > 60)).toBeGreaterThan(0)
    expect(new Set(partner.products.map(({ name }) => name)).size).toBe(partner.products.length)
    const priced = linesIn(partner, months[6] ?? '', histories).filter(({ unitPrice }) => unitPrice === '0')
    expect(priced.length).toBeGreaterThan(0)
  })

  it('come with annual, credit and one-off invoices of their own, and now and then a second agreement [F1][F14]', () => {
    const all = generatePrism({ seed: 3, partners: 60, tenants: 120, subscriptions: 300 }).partners
    const extra = all.flatMap(({ extraInvoices }) => extraInvoices)
    for (const name of ['Annual', 'Credit', 'One-Time'])
      expect(extra.filter(({ programName }) => programName.endsWith(name)).length).toBeGreaterThan(5)
    const credits = extra.filter(({ programName }) => programName.endsWith('Credit'))
    expect(credits.every(({ lines }) => lines.every(({ subTotal }) => subTotal.startsWith('-')))).toBe(true)
    expect(all.filter(({ contractAgreements }) => contractAgreements.length === 2).length).toBeGreaterThan(0)
  })

  function started(month: string, on: (day: string) => boolean): number {
    return licences.filter(({ events: [first] }) => first && monthOf(first.on) === month && on(first.on))
      .length
  }

  function inMonth(month: string, is: (events: readonly SubscriptionEvent[]) => boolean): number {
    return licences.filter(({ events }) => is(events.filter(({ on }) => monthOf(on) === month))).length
  }

  function changes(month: string, is: (before: number, after: number) => boolean): number {
    return licences.flatMap((history) =>
      history.events.filter((event) => {
        if (event.kind !== 'quantity' || monthOf(event.on) !== month) return false
        return is(stateOn(history, addDays(event.on, -1))?.quantity ?? 0, event.quantity)
      }),
    ).length
  }

  it('never name a product that is not on the price list at all', () => {
    for (const { events } of licences)
      for (const event of events)
        if (event.kind === 'start' || event.kind === 'move') expect(products.has(event.productId)).toBe(true)
    expect(daysInMonth(months[0] ?? '')).toBe(30)
  })
})

function ofKind(events: readonly SubscriptionEvent[], kind: SubscriptionEvent['kind']): number {
  return events.filter((event) => event.kind === kind).length
}

function pauses(events: readonly SubscriptionEvent[]): boolean {
  return ofKind(events, 'suspend') === 1 && ofKind(events, 'resume') === 1
}

function endsAt(events: readonly SubscriptionEvent[], is: (on: string) => boolean): boolean {
  return events.some(({ kind, on }) => kind === 'end' && is(on))
}

describe("a generated partner's ConnectWise", () => {
  it('has an agreement for each tenant, and additions that are what PRISM charges on the day before', () => {
    const partner = firstPartner({ seed: 5, tenants: 60, subscriptions: 400 })
    const { seed, mappings } = generateConnectWise(partner)
    const { companies = [], agreements = [], additions = [], catalog = [] } = seed.records
    expect(mappings).toHaveLength(60)
    expect([companies.length, agreements.length]).toEqual([60, 60])
    expect(additions.length).toBeGreaterThan(80)
    const serials = additions.filter(({ serialNumber }) => serialNumber !== undefined)
    expect(serials.length).toBeGreaterThan(additions.length / 4)
    expect(serials.length).toBeLessThan(additions.length)
    const items = new Set(catalog.map(({ id }) => id))
    const histories = historiesOf(partner)
    const day = addDays(firstDay(partner.firstUsage), -1)
    for (const addition of serials) {
      const history = histories.find((one) => one.subscriptionId === addition.serialNumber)
      const tenantId = mappings.find((one) => one.agreementId === addition.agreementId)?.tenantId
      expect(history?.tenantId).toBe(tenantId)
      expect(items.has((addition.product as { id: number }).id)).toBe(true)
      const quantities = histories
        .filter((one) => one.subscriptionId === addition.serialNumber)
        .map((one) => stateOn(one, day)?.quantity)
      expect(quantities).toContain(addition.quantity)
    }
  })
})
