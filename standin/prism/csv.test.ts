import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type CsvFormat, csvPieces, realFormat } from './csv.ts'
import {
  annualTermBilledMonthly,
  type History,
  monthlyTerm,
  type Price,
  type Product,
  type Tenant,
} from './history.ts'
import { linesOfMonth } from './lines.ts'
import { listed } from './portfolio.ts'
import { tenant } from './testing.ts'

const tenants: readonly Tenant[] = [
  tenant('coho', 'Coho Winery', 'cohowinery.example'),
  tenant('fabrikam', 'Fabrikam', 'fabrikam.example'),
  tenant('wide', 'Wide World Importers', 'wideworldimporters.example'),
]

function named(
  productId: string,
  name: string,
  cost: string,
  rrp: string,
  later: readonly Price[] = [],
): Product {
  const prices = [{ from: '2025-01-01', cost, rrp }, ...later]
  return {
    productId,
    sku: productId,
    name,
    group: 'Microsoft',
    unit: name === 'Azure plan' ? 'Usage-based' : 'Licenses',
    prices,
  }
}

const products = new Map(
  [
    named('premium', 'Microsoft 365 Business Premium', '28.60', '34.10'),
    named('exchange', 'Exchange Online (Plan 1)', '5.37', '6.45'),
    named('basic', 'Microsoft 365 Business Basic', '8.03', '9.90'),
    named('visio', 'Visio Plan 2 (Non-Profit Pricing)', '4.07', '5.20'),
    named('e3', 'Microsoft 365 E3', '49.15', '57.80'),
    named('automate', 'Power Automate Free', '0', '0'),
    named('azure', 'Azure plan', '0', '0'),
    named('defender', 'Microsoft Defender for Business', '4.40', '5.30', [
      { from: '2026-04-10', cost: '4.73', rrp: '5.65' },
    ]),
  ].map((one) => [one.productId, one]),
)

const id = (number: number) => `0f0f0f0f-0000-4000-8000-00000000000${number}`

function licences(
  number: number,
  tenantId: string,
  productId: string,
  quantity: number,
  from = '2025-01-01',
): History {
  const events = [{ kind: 'start' as const, on: from, productId, quantity }]
  return { kind: 'licences', subscriptionId: id(number), tenantId, term: monthlyTerm, events }
}

function withEvent(
  history: History,
  event: Extract<History, { kind: 'licences' }>['events'][number],
): History {
  return history.kind === 'licences' ? { ...history, events: [...history.events, event] } : history
}

const histories: readonly History[] = [
  licences(1, 'coho', 'premium', 12),
  withEvent(licences(2, 'fabrikam', 'exchange', 5), { kind: 'quantity', on: '2026-04-16', quantity: 7 }),
  licences(3, 'wide', 'basic', 6, '2026-04-14'),
  withEvent(licences(4, 'coho', 'visio', 3), { kind: 'end', on: '2026-04-12' }),
  { ...licences(5, 'wide', 'e3', 25), term: annualTermBilledMonthly },
  licences(6, 'fabrikam', 'automate', 1),
  {
    kind: 'azure',
    subscriptionId: id(7),
    tenantId: 'fabrikam',
    term: monthlyTerm,
    productId: 'azure',
    startedOn: '2025-01-01',
    usage: { '2026-04': { cost: '1284.37', rrp: '1412.81' } },
  },
  licences(8, 'wide', 'defender', 13),
]

async function file(
  all: readonly History[],
  format: CsvFormat = realFormat,
  ofTenants = tenants,
): Promise<string> {
  const { tenant } = listed(ofTenants, [])
  const context = { resellerName: 'Northwind Managed Services', agreementNumber: '1000001', tenant }
  let text = ''
  for await (const piece of csvPieces(linesOfMonth(all, products, '2026-04'), context, format)) text += piece
  return text
}

describe('the invoice CSV', () => {
  it('is the invented sample, byte for byte', async () => {
    const sample = readFileSync(new URL('fixtures/sample-2026-04.csv', import.meta.url), 'utf8')
    expect(await file(histories)).toBe(sample)
  })

  it('has a BOM and LF, or neither', async () => {
    const real = await file(histories)
    expect(real.startsWith('\uFEFFResellerName,')).toBe(true)
    expect(real).not.toContain('\r')
    const other = await file(histories, { bom: false, lineEnd: '\r\n' })
    expect(other).toBe(real.slice(1).replaceAll('\n', '\r\n'))
  })

  it('quotes a name with a comma, a quote or a line break', async () => {
    const odd = [tenant('coho', 'Coho "Reserve", Winery', 'cohowinery.example')]
    expect(await file([licences(1, 'coho', 'premium', 1)], realFormat, odd)).toContain(
      ',"Coho ""Reserve"", Winery",Monthly,',
    )
  })

  it('comes in pieces of bounded length', async () => {
    const many = Array.from({ length: 2_000 }, () => licences(1, 'coho', 'premium', 1))
    const context = {
      resellerName: 'N',
      agreementNumber: '1',
      tenant: listed(tenants, []).tenant,
    }
    const lengths: number[] = []
    for await (const piece of csvPieces(linesOfMonth(many, products, '2026-04'), context))
      lengths.push(piece.length)
    expect(lengths.length).toBeGreaterThan(5)
    expect(Math.max(...lengths)).toBeLessThan(70_000)
  })
})
