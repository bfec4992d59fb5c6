import Big from 'big.js'
import { describe, expect, it } from 'vitest'
import { addDays } from '../prism/calendar.ts'
import { realFormat } from '../prism/csv.ts'
import type { InvoiceLine } from '../prism/lines.ts'
import { openPartnerBook } from '../prism/partner-book.ts'
import { annualTerms, type CustomerTerms } from './annual-terms.ts'
import { generatePrism } from './prism-seed.ts'

const generated = (seed: number, terms = 6): CustomerTerms[] => {
  const [partner] = generatePrism({ seed, tenants: 10, subscriptions: 0, products: 20 }).partners
  if (partner === undefined) throw new Error('There is always a partner')
  return annualTerms(partner, { seed, terms })
}
/** Seats of a subscription and product on a day: what was charged up to then, less what was given back. */
const seatsOn = (lines: readonly InvoiceLine[], day: string): Map<string, number> => {
  const seats = new Map<string, number>()
  for (const { subscriptionId, offerName, first, last, quantity } of lines) {
    if (first > day || last < day) continue
    const key = `${subscriptionId} ${offerName}`
    seats.set(key, (seats.get(key) ?? 0) + Number(quantity))
  }
  return seats
}

describe('terms that are billed at once', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(JSON.stringify(generated(7))).toBe(JSON.stringify(generated(7)))
    expect(JSON.stringify(generated(8))).not.toBe(JSON.stringify(generated(7)))
  })

  it('begin alike however many a customer has', () => {
    const [few] = generated(7, 2)
    const [many] = generated(7, 6)
    expect(many?.lives.slice(0, 2)).toEqual(few?.lives)
  })

  it('have each a subscription id that nobody else has', () => {
    const ids = generated(7).flatMap(({ lives }) =>
      lives.flatMap(({ subscriptions }) => subscriptions.map(({ subscriptionId }) => subscriptionId)),
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('never give back seats that are not there', () => {
    for (const { invoices } of generated(7).flatMap(({ lives }) => lives)) {
      const lines = invoices.flatMap((invoice) => invoice.lines)
      const lowest = lines.flatMap(({ first }) => [...seatsOn(lines, first).values()])
      expect(Math.min(...lowest)).toBeGreaterThanOrEqual(0)
    }
  })

  it('go on the day after a term that is renewed', () => {
    const renewed = generated(7)
      .flatMap(({ lives }) => lives)
      .filter(({ events }) => events.some((event) => event.startsWith('renewal')))
    expect(renewed.length).toBeGreaterThan(5)
    for (const { invoices } of renewed) {
      const terms = [...new Set(invoices.flatMap(({ lines }) => lines.map(({ last }) => last)))].sort()
      for (const last of terms.slice(0, -1)) {
        const begun = invoices.flatMap(({ lines }) => lines).filter(({ first }) => first === addDays(last, 1))
        expect(begun.length).toBeGreaterThan(0)
      }
    }
  })

  it('charge in cents, and the whole price for the whole term', () => {
    for (const { invoices } of generated(7))
      for (const { unitPriceRrp, quantity, billableRatio, subTotalRrp } of invoices.flatMap(
        ({ lines }) => lines,
      )) {
        expect(new Big(subTotalRrp).round(2).eq(subTotalRrp)).toBe(true)
        if (billableRatio === '1')
          expect(new Big(subTotalRrp).eq(new Big(unitPriceRrp).times(quantity))).toBe(true)
      }
  })

  it('are listed and invoiced by PRISM beside all else, which stays as it was', async () => {
    const options = { seed: 7, tenants: 4, subscriptions: 12, products: 20 }
    const [plain] = generatePrism(options).partners
    const [partner] = generatePrism({ ...options, annualTerms: 3 }).partners
    if (plain === undefined || partner === undefined) throw new Error('There is always a partner')
    let ids = 0
    const book = openPartnerBook(partner, () => ++ids)
    const issued = [book.issueNext(realFormat), book.issueNext(realFormat)].flat()
    const annual = issued.filter(({ programName }) => programName.endsWith(' Annual'))
    expect(annual.length).toBeGreaterThan(10)
    for (const { usage, billingPeriodStart } of annual) expect(billingPeriodStart.slice(0, 7)).toBe(usage)
    for (const { tenantId } of plain.portfolio.tenants()) {
      const histories = partner.portfolio.histories(tenantId)
      expect(histories).toEqual(expect.arrayContaining([...plain.portfolio.histories(tenantId)]))
      for (const { subscriptionId } of histories)
        expect(partner.portfolio.tenantOf(subscriptionId)?.tenantId).toBe(tenantId)
    }
    const rows = async ({ csv }: (typeof issued)[number]) => {
      let text = ''
      for await (const piece of csv()) text += piece
      return text.trim().split('\n')
    }
    const standard = issued.filter(({ programName }) => programName === partner.programName)
    for (const invoice of standard)
      for (const row of await rows(invoice)) expect(row.split(',')[2]).not.toMatch(/-86[0-9a-f]{2}-/)
    const [first] = annual
    expect(first && (await rows(first)).length).toBeGreaterThan(1)
  })
})
