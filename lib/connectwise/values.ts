/** What leaves this room: ConnectWise's records in our words. */

import { z } from 'zod'
import type { SetAside } from '#lib/base/records.ts'
import {
  type Addition,
  type AdditionDraft,
  type AdditionPatch,
  agreementSchema,
  type CatalogDefaults,
  type CatalogItem,
  type CreateCatalogItemChange,
  type Day,
  type Money,
  type UnreadableAddition,
  type UnreadableItem,
} from '#lib/billing/types.ts'

/** A list, and what of it cannot be read: each named, with the reason. */
export interface Listed<T> {
  readonly records: readonly T[]
  readonly unreadable: readonly SetAside[]
}

/** All additions of an agreement. */
export interface ListedAdditions {
  readonly additions: readonly Addition[]
  readonly unreadable: readonly UnreadableAddition[]
  /** By id, when one was created or changed last; left out where ConnectWise does not say. */
  readonly changedAt?: ReadonlyMap<number, string>
}

export interface ListedItems {
  readonly items: readonly CatalogRecord[]
  readonly unreadable: readonly UnreadableItem[]
}

export interface Company {
  readonly id: number
  readonly identifier: string
  readonly name: string
  /** The company's website, `''` where none; helps to suggest a mapping. */
  readonly website: string
}

/** A person of a company. */
export interface Contact {
  readonly id: number
  /** `null`: of none. */
  readonly companyId: number | null
  /** Domains of its mail, in lower case, each once. */
  readonly mailDomains: readonly string[]
}

/** A billing `Agreement` with whose it is. */
export const agreementRecordSchema = agreementSchema.extend({
  company: z.object({ id: z.number().int(), name: z.string() }),
  type: z.string(),
})
export type AgreementRecord = Readonly<z.infer<typeof agreementRecordSchema>>

export interface CatalogRecord extends CatalogItem {
  readonly description: string
  readonly unitCost: Money
  readonly unitPrice: Money
}

/** An addition to create, its catalog item known by now. */
export type AdditionCreation = AdditionDraft & { readonly catalogItemId: number }

export interface SetupRecord {
  readonly id: number
  readonly name: string
  readonly inactive: boolean
}
export type SetupKind = 'category' | 'subcategory' | 'productType' | 'unitOfMeasure'
/** The records of the default names (A2-A4); `null`: there is none of that name that can be read. */
export type SetupRecords = Readonly<Record<SetupKind, SetupRecord | null>> & {
  /** The one that is, or may be, of that name and cannot be read. */
  readonly unreadable: Readonly<Partial<Record<SetupKind, SetAside>>>
}
/** A sub-category belongs to a category. */
export type NewSetupRecord =
  | { readonly kind: Exclude<SetupKind, 'subcategory'>; readonly name: string }
  | { readonly kind: 'subcategory'; readonly name: string; readonly categoryId: number }
/** Ids that a new catalog item refers to. */
export type SetupIds = Readonly<Record<SetupKind, number>>

export interface PermissionCheck {
  /** As ConnectWise's security roles name it, e.g. `Finance / Agreements`. */
  readonly area: string
  readonly level: 'Inquire' | 'Add' | 'Edit' | 'Delete'
  /** `unknown`: ConnectWise did not say, for example because there is no agreement yet. */
  readonly state: 'granted' | 'missing' | 'unknown'
  /** The product does without it. */
  readonly isOptional: boolean
}

export interface HostedScreen {
  readonly id: number
  readonly screenId: string
  readonly name: string
}
export interface HostedSetupDraft {
  readonly screenId: number
  /** At most 50 characters; the pod's title. */
  readonly description: string
  readonly type: 'Tab' | 'Pod' | 'ToolbarButton'
  readonly url: string
  /** The exact origin of our app. */
  readonly origin: string
  /** Pixels. */
  readonly podHeight?: number
  readonly clientId?: string
}
export interface HostedSetup extends Omit<HostedSetupDraft, 'type' | 'screenId'> {
  readonly id: number
  /** `null` where it cannot be read. */
  readonly screenId: number | null
  readonly type: string
  readonly disabled: boolean
}

/** What the browser claims about the member in front of it; nothing of it is trusted before `memberInfo` proved it. */
export interface MemberClaim {
  readonly memberId: string
  readonly memberHash: string
  readonly memberContext: string
}
export interface Member {
  readonly id: number
  readonly identifier: string
  readonly name: string
  readonly email: string
}
/** `unverifiable`: ConnectWise did not answer; refuse, but do not count it as a failed attempt. */
export type MemberCheck =
  | { readonly result: 'verified'; readonly member: Member }
  /** `isInactive`: the hash is that member's, who is switched off in ConnectWise. */
  | { readonly result: 'refused'; readonly reason: string; readonly isInactive?: boolean }
  | { readonly result: 'unverifiable'; readonly reason: string }

/** The header of an invoice that ConnectWise made of an agreement; amounts without tax. */
export interface InvoiceHeader {
  readonly id: number
  readonly number: string
  readonly agreementId: number
  readonly date: Day | null
  /** A timestamp, as ConnectWise gives it. */
  readonly madeAt: string | null
  readonly agreementAmount: Money
  readonly productTotal: Money
  readonly subtotal: Money
}

/** A product on an invoice. */
export interface InvoiceProduct {
  readonly catalogItemId: number
  readonly quantity: string
  readonly unitPrice: Money
}

/** What ConnectWise says that it is going to invoice; `null`: it does not say. `id` is the agreement's. */
export interface Forecast {
  readonly id: number
  readonly nextInvoiceAmount: Money | null
  readonly nextInvoiceDate: Day | null
  readonly lastInvoiceAmount: Money | null
  /** `''`: there is none. */
  readonly lastInvoiceNumber: string
  readonly unbilledPeriods: number | null
}

/** What an agreement's next invoice is made of; `null`: it does not say. */
export interface NextInvoice {
  readonly additions: Money | null
  readonly own: Money | null
  readonly children: Money | null
}

export interface ConnectWiseClient {
  /** Tests the connection: the credentials are good where it resolves. */
  test(): Promise<void>
  /**
   * Companies whose name or identifier has each word of `search` (all for `''`), at most 100: what is called so first, then what
   * begins so, however many there are besides.
   */
  companies(search: string): Promise<Listed<Company>>
  /** Companies whose website contains the domain, at most 100, by name; none where ConnectWise refuses the question. */
  companiesByWebsite(domain: string): Promise<Listed<Company>>
  /** Those of the ids, and those whose identifier or name is one of the texts, ignoring case; more may be given. */
  companiesNamed(named: {
    readonly ids: readonly number[]
    readonly texts: readonly string[]
  }): Promise<Listed<Company>>
  /** All that are not deleted; one request per 1,000. */
  everyCompany(): Promise<Listed<Company>>
  company(id: number): Promise<Company | null>
  /** The contacts of some companies that are in use; one request per 100 companies and 1,000 contacts. */
  contactsOfCompanies(companyIds: readonly number[]): Promise<Listed<Contact>>
  /** All contacts that are in use; one request per 1,000. */
  everyContact(): Promise<Listed<Contact>>
  agreements(companyId: number): Promise<Listed<AgreementRecord>>
  agreement(id: number): Promise<AgreementRecord | null>
  /** Those of the ids that exist; one request per 100. */
  agreementsByIds(ids: readonly number[]): Promise<Listed<AgreementRecord>>
  /** All that are not cancelled; one request per 1,000. */
  everyAgreement(): Promise<Listed<AgreementRecord>>
  /** All agreements of some companies; one request per 100. */
  agreementsOfCompanies(companyIds: readonly number[]): Promise<Listed<AgreementRecord>>
  additions(agreementId: number): Promise<ListedAdditions>
  /** When the newest invoices of an agreement were made, newest first; none where the role may not read them. */
  invoiceTimes(agreementId: number, count: number): Promise<readonly string[]>
  /**
   * Invoices of agreements with a higher id, the newest first, back to the first page on which one is older than a day; one request
   * per 1,000. `null`: the role may not read invoices.
   */
  newInvoices(of: { readonly after: number; readonly since: Day }): Promise<Listed<InvoiceHeader> | null>
  /** The newest invoices of an agreement, the newest first; `null` as above. */
  invoicesOfAgreement(agreementId: number, count: number): Promise<Listed<InvoiceHeader> | null>
  /** What it bills product by product; `null`: it shows none. */
  invoiceProducts(invoiceId: number): Promise<readonly InvoiceProduct[] | null>
  /** Of all agreements; one request per 1,000. */
  forecasts(): Promise<Listed<Forecast>>
  forecast(agreementId: number): Promise<Forecast | null>
  /** Throws where the agreement cannot be invoiced. */
  nextInvoice(agreementId: number): Promise<NextInvoice>
  createAddition(agreementId: number, draft: AdditionCreation): Promise<Addition>
  patchAddition(agreementId: number, additionId: number, set: AdditionPatch): Promise<Addition>
  deleteAddition(agreementId: number, additionId: number): Promise<void>
  /**
   * Items whose Vendor SKU is one of `skus`, ignoring case and surrounding spaces; inactive ones too (D1, D6). Asks for the
   * SKUs in batches, or reads the whole catalog, whichever is fewer requests. Unreadable are those of these SKUs, and those
   * whose SKU cannot be read.
   */
  catalogByVendorSku(skus: readonly string[]): Promise<ListedItems>
  /**
   * The same, and of SKUs that no item has as Vendor SKU the items that name them otherwise (docs/facts/microsoft.md, "Motions"):
   * after a motion in Vendor SKU or Product ID, or by a Product ID that is the SKU where there is no Vendor SKU.
   */
  catalogOfProducts(skus: readonly string[]): Promise<ListedItems>
  catalogByIds(ids: readonly number[]): Promise<ListedItems>
  /** Writes cost and price, and of one that is taken over its Vendor SKU; nothing else of the item (D3). */
  updateCatalogItem(
    id: number,
    values: { readonly unitCost: Money; readonly unitPrice: Money; readonly vendorSku?: string },
  ): Promise<CatalogRecord>
  createCatalogItem(change: CreateCatalogItemChange, setup: SetupIds): Promise<CatalogRecord>
  setupRecords(names: Pick<CatalogDefaults, SetupKind>): Promise<SetupRecords>
  createSetupRecord(record: NewSetupRecord): Promise<SetupRecord>
  activateSetupRecord(kind: SetupKind, id: number): Promise<SetupRecord>
  /** Inactive items whose Product ID contains `misc` (A1). */
  inactiveMiscItems(): Promise<ListedItems>
  activateCatalogItem(id: number): Promise<CatalogRecord>
  /** Each permission that the product needs (A6); never writes anything. */
  permissions(): Promise<PermissionCheck[]>
  hostedScreens(): Promise<Listed<HostedScreen>>
  hostedSetups(): Promise<Listed<HostedSetup>>
  createHostedSetup(draft: HostedSetupDraft): Promise<HostedSetup>
  updateHostedSetup(id: number, draft: HostedSetupDraft): Promise<HostedSetup>
  deleteHostedSetup(id: number): Promise<void>
  /**
   * Proves a member's claim with ConnectWise (docs/facts/host-api.md, "Proving a member"). Never throws for a
   * refusal or an outage.
   */
  memberInfo(claim: MemberClaim): Promise<MemberCheck>
}
