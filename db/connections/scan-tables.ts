/** What a full scan read of ConnectWise: all active agreements with their additions, and the domains of all contacts' mail (J7). */
import { boolean, index, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import type { SkuKey, SubscriptionKey } from '#lib/billing/keys.ts'
import { count, json, lowered, moment, money, oneOf, organisation, quantity } from '../columns.ts'
import { table } from '../table.ts'

/** The last scan of an organisation's ConnectWise. What an earlier one read is of use until this one has read it again. */
export const scans = table(
  'scans',
  {
    organisationId: organisation(),
    id: uuid('id').notNull(),
    state: oneOf('state', ['running', 'finished', 'stopped', 'failed']).notNull(),
    startedAt: moment('started_at').notNull(),
    startedBy: text('started_by').notNull(),
    stopRequestedAt: moment('stop_requested_at'),
    stopRequestedBy: text('stop_requested_by'),
    endedAt: moment('ended_at'),
    /** Why it failed. */
    note: text('note'),
    /** When its agreements were listed; `null`: not yet. */
    listedAt: moment('listed_at'),
    agreements: count('agreements').notNull().default(0),
    /** What came of the contacts; `null`: they are still to be read. */
    contacts: oneOf('contacts', ['read', 'denied', 'refused'] as const),
    /** Agreements whose additions ConnectWise did not give. */
    refused: count('refused').notNull().default(0),
    /** When the last scan that came to its end began; `null`: none did. */
    completeAt: moment('complete_at'),
  },
  (t) => [primaryKey({ columns: [t.organisationId] })],
)

/** An active agreement. */
export const scannedAgreements = table(
  'scanned_agreements',
  {
    organisationId: organisation(),
    agreementId: integer('agreement_id').notNull(),
    companyId: integer('company_id').notNull(),
    companyName: text('company_name').notNull(),
    name: text('name').notNull(),
    /** Whether it bills by the month. */
    isMonthly: boolean('is_monthly').notNull(),
    /** The scan that listed it last. */
    scanId: uuid('scan_id').notNull(),
    /** Whether that scan has still to read its additions. */
    isWaiting: boolean('is_waiting').notNull(),
    /** When its additions were read last; `null`: never. */
    readAt: moment('read_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.agreementId] }),
    index('scanned_agreements_organisation_company').on(t.organisationId, t.companyId),
    index('scanned_agreements_organisation_waiting').on(t.organisationId, t.isWaiting, t.agreementId),
  ],
)

/** An addition of it. */
export const scannedAdditions = table(
  'scanned_additions',
  {
    organisationId: organisation(),
    agreementId: integer('agreement_id').notNull(),
    additionId: integer('addition_id').notNull(),
    itemId: integer('item_id').notNull(),
    /** In lower case; `''`: none. */
    serial: lowered('serial').notNull().$type<SubscriptionKey>(),
    quantity: quantity('quantity').notNull(),
    /** What it bills in a whole month; of an agreement that bills other periods in one of these. */
    amount: money('amount').notNull(),
    /** Whether it bills on after the day on which it was read. */
    isActive: boolean('is_active').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.agreementId, t.additionId] }),
    index('scanned_additions_organisation_serial').on(t.organisationId, t.serial),
    index('scanned_additions_organisation_item').on(t.organisationId, t.itemId),
  ],
)

/** A catalog item of such an addition. */
export const scannedItems = table(
  'scanned_items',
  {
    organisationId: organisation(),
    itemId: integer('item_id').notNull(),
    identifier: text('identifier').notNull(),
    description: text('description').notNull(),
    /** The SKU that it names, motion aside (`item-names.ts`); `''`: none. */
    sku: lowered('sku').notNull().$type<SkuKey>(),
    /** The scan that read it last. */
    scanId: uuid('scan_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.itemId] }),
    index('scanned_items_organisation_sku').on(t.organisationId, t.sku),
  ],
)

/** The domains of the mail of a company's contacts. */
export const scannedContacts = table(
  'scanned_contacts',
  {
    organisationId: organisation(),
    companyId: integer('company_id').notNull(),
    domains: json('domains', z.array(z.string())).notNull(),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.companyId] })],
)
