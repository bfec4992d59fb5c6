/** The programs this product carries. Another program is another entry and its rules (C1). */

import { firstSyncChoices } from '#lib/billing/first-sync-choices.ts'
import type { CatalogDefaults, Day, FirstSync } from '#lib/billing/types.ts'

export interface Program {
  /** In addresses and as a key in the database. */
  readonly slug: string
  /** As people read it. */
  readonly name: string
  /** What PRISM calls it on invoices and contract agreements (F1). */
  readonly prismName: string
  /** What a person sets on its page beside what every program has (Sync, default names), in this order. */
  readonly options: readonly ProgramOption[]
  readonly defaults: ProgramDefaults
}

/** An option as its page words it; `key` is its name in the settings. */
export type ProgramOption =
  | {
      readonly kind: 'switch'
      readonly key: 'syncAzure' | 'annualTermsMonthly' | 'annualTermsAtOnce' | 'exactAmounts'
      readonly label: string
      readonly hint: string
    }
  | {
      readonly kind: 'choice'
      readonly key: 'productMode'
      readonly label: string
      readonly hint: string
      readonly choices: Readonly<Record<ProgramDefaults['productMode'], string>>
    }
  | {
      readonly kind: 'choice'
      readonly key: 'firstSync'
      readonly label: string
      readonly hint: string
      readonly choices: Readonly<Record<FirstSync, string>>
    }

/** Options of a program before anybody changed them. */
export interface ProgramDefaults {
  readonly enabled: boolean
  readonly productMode: 'all' | 'in-use'
  readonly syncAzure: boolean
  readonly annualTermsMonthly: boolean
  /** Whether a correction an agreement and month bills the rounding (J10). */
  readonly exactAmounts: boolean
  /** Since when terms that are billed at once are carried (J9); `null`: they are not. */
  readonly annualTermsAtOnce: Day | null
  /** The margin guard (J11): per cent of the price; `null`: off. */
  readonly marginPercent: string | null
  /** How a customer begins whose first month ConnectWise has invoiced already (E6). */
  readonly firstSync: FirstSync
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
  options: [
    {
      kind: 'choice',
      key: 'productMode',
      label: 'Product Sync Mode',
      hint: 'Which products are created in ConnectWise. Linked ones get the price list’s cost and price in both modes.',
      choices: { all: 'All products', 'in-use': 'In Use Products only' },
    },
    {
      kind: 'switch',
      key: 'syncAzure',
      label: 'Sync Azure Subscriptions',
      hint: 'One addition per agreement and month with the sum of all Azure lines. Off: they are listed as ignored.',
    },
    {
      kind: 'switch',
      key: 'annualTermsMonthly',
      label: 'Annual terms billed monthly',
      hint: 'Syncs them like monthly ones. Off: they are listed as ignored, as in PRISM Connect.',
    },
    {
      kind: 'switch',
      key: 'annualTermsAtOnce',
      label: 'Annual terms billed at once',
      hint: 'Carries PRISM’s invoices of them to a One-Time agreement of the customer, from the day on which it is switched on. Off: they are listed with their amounts, as in PRISM Connect.',
    },
    {
      kind: 'switch',
      key: 'exactAmounts',
      label: 'Exact amounts',
      hint: 'One addition per agreement and month bills the rounding, so that ConnectWise’s invoice equals PRISM’s to the cent. Off: the rounding is shown.',
    },
    {
      kind: 'choice',
      key: 'firstSync',
      label: 'First month already invoiced',
      hint: 'How a subscription begins that has no addition yet, where ConnectWise has invoiced the month of its first sync. A customer without any addition is asked about first.',
      choices: firstSyncChoices,
    },
  ],
  defaults: {
    enabled: false,
    productMode: 'in-use',
    syncAzure: false,
    annualTermsMonthly: false,
    exactAmounts: false,
    annualTermsAtOnce: null,
    marginPercent: null,
    firstSync: 'next',
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

export const programs: readonly [Program, ...Program[]] = [microsoftCsp]

/** The program of a slug; `undefined` where there is none. */
export const programBySlug = (slug: string): Program | undefined =>
  programs.find((each) => each.slug === slug)
