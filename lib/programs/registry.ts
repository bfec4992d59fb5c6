/** The programs this product carries. Another program is another entry and its rules (C1). */
import type { CatalogDefaults } from '#lib/billing/types.ts'

export interface Program {
  /** In addresses and as a key in the database. */
  readonly slug: string
  /** As people read it. */
  readonly name: string
  /** What PRISM calls it on invoices and contract agreements (F1). */
  readonly prismName: string
  readonly defaults: ProgramDefaults
}

/** Options of a program before anybody changed them. */
export interface ProgramDefaults {
  readonly enabled: boolean
  readonly productMode: 'all' | 'in-use'
  readonly syncAzure: boolean
  readonly annualTermsMonthly: boolean
  readonly emails: readonly string[]
  readonly contractAgreementId: string | null
  readonly defaults: CatalogDefaults
  /** F18; shares of 1. */
  readonly guards: { readonly endedShare: number | null; readonly totalShare: number | null }
}

const microsoftCsp: Program = {
  slug: 'microsoft-csp',
  name: 'Microsoft CSP',
  prismName: 'Microsoft CSP Indirect',
  defaults: {
    enabled: false,
    productMode: 'in-use',
    syncAzure: false,
    annualTermsMonthly: false,
    emails: [],
    contractAgreementId: null,
    defaults: {
      category: 'Miscellaneous',
      subcategory: 'Miscellaneous',
      productType: 'Miscellaneous',
      unitOfMeasure: 'Each',
      taxable: true,
    },
    guards: { endedShare: 0.3, totalShare: 0.3 },
  },
}

export const programs: readonly Program[] = [microsoftCsp]

/** The program of a slug; `undefined` where there is none. */
export const programBySlug = (slug: string): Program | undefined =>
  programs.find((each) => each.slug === slug)
