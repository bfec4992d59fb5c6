/** What full scans read of ConnectWise, as evidence of whose a company is (J7). */
import { and, asc, eq, ne, or } from 'drizzle-orm'
import type { SkuKey, SubscriptionKey } from '#lib/billing/keys.ts'
import type { Money, Quantity } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { scannedAdditions, scannedAgreements, scannedContacts, scannedItems } from './scan-tables.ts'

/** An addition with its agreement and its item. */
export interface ScannedLine {
  readonly agreementId: number
  readonly agreementName: string
  readonly companyId: number
  readonly companyName: string
  readonly isMonthly: boolean
  readonly serial: SubscriptionKey
  readonly quantity: Quantity
  readonly amount: Money
  readonly isActive: boolean
  /** `null`: ConnectWise did not give the item. */
  readonly sku: SkuKey | null
}

/** The SKUs that the items of scanned additions name. */
export const scannedSkus = async (db: Database, organisationId: string): Promise<SkuKey[]> => {
  const rows = await db
    .selectDistinct({ sku: scannedItems.sku })
    .from(scannedItems)
    .where(and(eq(scannedItems.organisationId, organisationId), ne(scannedItems.sku, '' as SkuKey)))
  return rows.map(({ sku }) => sku)
}

/** Additions that carry a serial number, and those of one of the SKUs, by agreement. */
export const scannedLines = async (
  db: Database,
  organisationId: string,
  skus: readonly SkuKey[],
): Promise<ScannedLine[]> =>
  db
    .select({
      agreementId: scannedAgreements.agreementId,
      agreementName: scannedAgreements.name,
      companyId: scannedAgreements.companyId,
      companyName: scannedAgreements.companyName,
      isMonthly: scannedAgreements.isMonthly,
      serial: scannedAdditions.serial,
      quantity: scannedAdditions.quantity,
      amount: scannedAdditions.amount,
      isActive: scannedAdditions.isActive,
      sku: scannedItems.sku,
    })
    .from(scannedAdditions)
    .innerJoin(
      scannedAgreements,
      and(
        eq(scannedAgreements.organisationId, organisationId),
        eq(scannedAgreements.agreementId, scannedAdditions.agreementId),
      ),
    )
    .leftJoin(
      scannedItems,
      and(eq(scannedItems.organisationId, organisationId), eq(scannedItems.itemId, scannedAdditions.itemId)),
    )
    .where(
      and(
        eq(scannedAdditions.organisationId, organisationId),
        or(ne(scannedAdditions.serial, '' as SubscriptionKey), isOneOf(scannedItems.sku, skus)),
      ),
    )
    .orderBy(asc(scannedAdditions.agreementId), asc(scannedAdditions.additionId))

/** The domains of the mail of each company's contacts. */
export const scannedDomains = async (
  db: Database,
  organisationId: string,
): Promise<ReadonlyMap<number, readonly string[]>> => {
  const rows = await db
    .select({ companyId: scannedContacts.companyId, domains: scannedContacts.domains })
    .from(scannedContacts)
    .where(eq(scannedContacts.organisationId, organisationId))
  return new Map(rows.map(({ companyId, domains }) => [companyId, domains]))
}
