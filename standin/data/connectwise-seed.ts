import type { Row } from '#standin/connectwise/records.ts'
import type { ConnectWiseSeed } from '#standin/connectwise/seed.ts'
import { catalog, itemFor } from './catalog.ts'
import { agreementRow, companyRow, contactRow, currencies, timestamp } from './connectwise-rows.ts'
import type { AdditionSeed, AgreementSeed, CompanySeed } from './customer.ts'
import { customersOf, type DemoOptions } from './customers.ts'
import { tenantId } from './ids.ts'
import { products } from './products.ts'

export interface DemoMapping {
  readonly tenantId: string
  readonly companyId: number
  readonly agreementId: number
  /** Of its company's, the one that bills once; left out: there is none. */
  readonly oneTimeAgreementId?: number
}

const cycleIds = { Quarterly: 3, 'One-Time': 5 } as const
const firstCompanyId = 250
const firstAgreementId = 1

interface PlacedCompany {
  readonly id: number
  readonly company: CompanySeed
  readonly agreements: readonly { readonly id: number; readonly agreement: AgreementSeed }[]
}

/** Companies in the customers' order, those that several tenants share once, with ids. */
function placeCompanies(options: DemoOptions): readonly PlacedCompany[] {
  const unique = new Map<string, CompanySeed>()
  for (const { company } of customersOf(options))
    if (!unique.has(company.identifier)) unique.set(company.identifier, company)
  let agreementId = firstAgreementId
  return [...unique.values()].map((company, index) => ({
    id: firstCompanyId + index,
    company,
    agreements: company.agreements.map((agreement) => ({ id: agreementId++, agreement })),
  }))
}

/** Of the first customer of the company. */
const domainOf = ({ identifier }: CompanySeed, options: DemoOptions): string | undefined =>
  customersOf(options).find(({ company }) => company.identifier === identifier)?.tenant.domain

/** The ConnectWise of the demo: company `prismdemo`, before anything was synced. */
export function connectWiseSeed(options: DemoOptions = {}): ConnectWiseSeed {
  const companies = placeCompanies(options)
  const agreements = companies.flatMap((placed) => placed.agreements.map((one) => ({ ...one, placed })))
  const additions = agreements.flatMap(({ id, agreement }) =>
    (agreement.additions ?? []).map((addition) => ({ agreementId: id, addition })),
  )
  return {
    site: { companyId: 'prismdemo', publicKey: 'demo-public', privateKey: 'demo-private' },
    records: {
      companies: companies.map(({ id, company }) => companyRow({ id, ...company })),
      // Of every third company no mail is known.
      contacts: companies.map(({ id, company }) =>
        id % 3 === 0
          ? contactRow({ id, ...company })
          : contactRow({ id, ...company }, domainOf(company, options)),
      ),
      agreements: agreements.map((one) => agreement(one.id, one.agreement, one.placed)),
      additions: additions.map(({ agreementId, addition }, index) =>
        additionRow(1001 + index, agreementId, addition),
      ),
      catalog,
      members,
    },
  }
}

/** The mappings that the demo sets up: every tenant but the unmapped ones, to its company's first agreement. */
export function demoMappings(options: DemoOptions = {}): readonly DemoMapping[] {
  const companies = placeCompanies(options)
  return customersOf(options)
    .filter((customer) => customer.group !== 'unmapped')
    .map((customer) => {
      const placed = companies.find((one) => one.company.identifier === customer.company.identifier)
      const agreement = placed?.agreements[0]
      if (placed === undefined || agreement === undefined) throw new Error(`${customer.key} has no agreement`)
      const oneTime = placed.agreements.find((each) => each.agreement.billingCycle === 'One-Time')
      return {
        tenantId: tenantId(customer.key),
        companyId: placed.id,
        agreementId: agreement.id,
        ...(oneTime === undefined ? {} : { oneTimeAgreementId: oneTime.id }),
      }
    })
}

function agreement(id: number, seed: AgreementSeed, { id: companyId, company }: PlacedCompany): Row {
  // In arrears the first month is not invoiced yet; in advance it is.
  const nextInvoiceDate = seed.inAdvance ? '2026-05-01' : (seed.billStartDate ?? '2026-04-01')
  return agreementRow(
    id,
    { id: companyId, ...company },
    {
      name: seed.name,
      startDate: timestamp(seed.startDate ?? '2026-03-01'),
      ...(seed.endDate === undefined ? {} : { endDate: timestamp(seed.endDate) }),
      billStartDate: timestamp(seed.billStartDate ?? '2026-04-01'),
      nextInvoiceDate: timestamp(seed.nextInvoiceDate ?? nextInvoiceDate),
      ...(seed.billingCycle === undefined
        ? {}
        : { billingCycle: { id: cycleIds[seed.billingCycle], name: seed.billingCycle } }),
      prorateFlag: seed.prorateFlag ?? true,
      invoicingCycle: seed.invoicingCycle ?? 'CalendarYear',
      periodType: seed.inAdvance ? 'Future' : 'Current',
      currency: currencies[seed.currency ?? 'AUD'],
    },
  )
}

/** Priced as PRISM did when the agreements began, unless the addition says otherwise. */
function additionRow(id: number, agreementId: number, addition: AdditionSeed): Row {
  const { product } = addition
  const listed = typeof product === 'string' ? products[product].prices[0] : undefined
  const item = itemFor(product)
  const name = typeof product === 'string' ? products[product].name : item.identifier
  return {
    id,
    agreementId,
    product: item,
    description: name,
    quantity: addition.quantity,
    lessIncluded: addition.lessIncluded ?? 0,
    unitCost: Number(addition.unitCost ?? listed?.cost ?? 0),
    unitPrice: Number(addition.unitPrice ?? listed?.rrp ?? 0),
    billCustomer: addition.billCustomer ?? 'Billable',
    effectiveDate: timestamp(addition.effectiveDate ?? '2026-04-01'),
    ...(addition.cancelledDate === undefined ? {} : { cancelledDate: timestamp(addition.cancelledDate) }),
    taxableFlag: true,
    ...(addition.serialNumber === undefined ? {} : { serialNumber: addition.serialNumber }),
    invoiceDescription: addition.invoiceDescription ?? name,
    uom: 'Each',
  }
}

/** The billing clerk, and a technician whose role may not do much. */
const members: readonly Row[] = [
  member(146, 'GClerk', 'Grace', 'Clerk'),
  member(147, 'TTech', 'Tom', 'Technician'),
]

function member(id: number, identifier: string, firstName: string, lastName: string): Row {
  return {
    id,
    identifier,
    firstName,
    lastName,
    fullName: `${firstName} ${lastName}`,
    defaultEmail: 'Office',
    officeEmail: `${firstName.toLowerCase()}@northwind.example`,
    licenseClass: 'F',
    inactiveFlag: false,
    timeZone: { id: 1, name: 'AUS Eastern Standard Time' },
    memberHash: `demo-${identifier.toLowerCase()}`,
  }
}
