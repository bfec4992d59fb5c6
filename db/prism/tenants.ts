import { and, eq, lt, not, sql } from 'drizzle-orm'
import { type SubscriptionKey, subscriptionKey } from '#lib/billing/keys.ts'
import type { Day, Quantity, Subscription } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { batches, isNoneOf, isOneOf } from '../rows.ts'
import { noteAddedSeats } from './added-seats.ts'
import { prismSubscriptions, prismTenants, subscriptionTenants } from './tables.ts'
import { type Listing, rememberListed } from './whose-lines.ts'

export type Tenant = typeof prismTenants.$inferSelect

/** A tenant as PRISM lists it now, with its subscriptions. */
export interface ListedTenant {
  readonly id: string
  readonly customerId: string
  readonly customerName: string
  readonly domain: string
  readonly status: string
  readonly subscriptions: readonly (Subscription & {
    readonly status: string
    readonly quantity?: string
    readonly firstPurchased?: Day | null
  })[]
  readonly keptSubscriptions: Kept
}

/** Ids that PRISM listed in a record that was set aside; `null`: it may be any. What is stored of them stays as it is. */
export type Kept = readonly string[] | null

/** Stores what PRISM lists. Tenants and subscriptions that are not listed any more stay, as not current. */
export const storeTenants = async (
  db: Database,
  organisationId: string,
  program: string,
  tenants: readonly ListedTenant[],
  kept: Kept = [],
): Promise<void> => {
  const key = { organisationId, program }
  const seenAt = new Date()
  await db.transaction(async (tx) => {
    for (const part of batches(tenants))
      await tx
        .insert(prismTenants)
        .values(
          part.map(({ customerName, subscriptions: _, keptSubscriptions: __, ...rest }) => ({
            ...key,
            ...rest,
            name: customerName,
            current: true,
            seenAt,
          })),
        )
        .onConflictDoUpdate({
          target: [prismTenants.organisationId, prismTenants.program, prismTenants.id],
          set: excluded('name', 'domain', 'customer_id', 'status', 'current', 'seen_at'),
        })
    const subscriptions = tenants.flatMap((tenant) =>
      tenant.subscriptions.map((each) => ({
        ...key,
        id: subscriptionKey(each.id),
        tenantId: tenant.id,
        productId: each.productId,
        productName: each.productName,
        displayTemplate: each.displayTemplate,
        billingCycle: each.billingCycle ?? '',
        status: each.status,
        listedQuantity: each.quantity ? (each.quantity as Quantity) : null,
        firstPurchased: each.firstPurchased ?? null,
        current: true,
        seenAt,
      })),
    )
    await rememberListed(tx, { ...key, seenAt }, listings(tenants))
    const distinct = [...new Map(subscriptions.map((each) => [each.id, each])).values()]
    await noteAddedSeats(tx, { ...key, seenAt }, distinct)
    for (const part of batches(distinct))
      await tx
        .insert(prismSubscriptions)
        .values(part)
        .onConflictDoUpdate({
          target: [prismSubscriptions.organisationId, prismSubscriptions.program, prismSubscriptions.id],
          set: excluded(
            'tenant_id',
            'product_id',
            'product_name',
            'display_template',
            'billing_cycle',
            'status',
            'listed_quantity',
            'first_purchased',
            'current',
            'seen_at',
          ),
        })
    if (kept === null) return
    for (const table of [prismTenants, prismSubscriptions])
      await tx
        .update(table)
        .set({ current: false })
        .where(
          and(
            eq(table.organisationId, organisationId),
            eq(table.program, program),
            eq(table.current, true),
            lt(table.seenAt, seenAt),
            table === prismTenants ? isNoneOf(prismTenants.id, kept) : isNotKept(tenants, kept),
          ),
        )
  })
}

const listings = (tenants: readonly ListedTenant[]): Listing[] =>
  tenants.map(({ id, customerName, domain, subscriptions }) => ({
    tenantId: id,
    name: customerName,
    domain,
    subscriptionIds: subscriptions.map((each) => each.id),
  }))

/** A subscription that was not set aside, of a tenant that was not either. */
const isNotKept = (tenants: readonly ListedTenant[], kept: readonly string[]) => {
  const ids = tenants.flatMap(({ keptSubscriptions }) => keptSubscriptions ?? [])
  const unnamedOf = tenants.filter(({ keptSubscriptions }) => keptSubscriptions === null).map(({ id }) => id)
  return and(
    isNoneOf(prismSubscriptions.id, ids.map(subscriptionKey)),
    isNoneOf(prismSubscriptions.tenantId, [...kept, ...unnamedOf]),
  )
}

/** `set` of an upsert that takes the new row's values. */
const excluded = (...columns: readonly string[]) =>
  Object.fromEntries(columns.map((column) => [camelCase(column), sql.raw(`excluded.${column}`)]))
const camelCase = (column: string): string =>
  column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

export const tenant = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<Tenant | null> =>
  (
    await db
      .select()
      .from(prismTenants)
      .where(and(ofProgram(organisationId, program), eq(prismTenants.id, tenantId)))
  )[0] ?? null

export const tenantsByIds = async (
  db: Database,
  organisationId: string,
  program: string,
  ids: readonly string[],
): Promise<Tenant[]> =>
  ids.length === 0
    ? []
    : db
        .select()
        .from(prismTenants)
        .where(and(ofProgram(organisationId, program), isOneOf(prismTenants.id, ids)))

const ofProgram = (organisationId: string, program: string) =>
  and(eq(prismTenants.organisationId, organisationId), eq(prismTenants.program, program))

/** Stored subscriptions of the tenants, those that PRISM lists no more included, by id. */
export const subscriptionsOfTenants = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<Subscription[]> => {
  if (tenantIds.length === 0) return []
  const rows = await db
    .select()
    .from(prismSubscriptions)
    .where(
      and(
        eq(prismSubscriptions.organisationId, organisationId),
        eq(prismSubscriptions.program, program),
        isOneOf(prismSubscriptions.tenantId, tenantIds),
      ),
    )
    .orderBy(prismSubscriptions.id)
  return rows.map(({ id, tenantId, productId, productName, displayTemplate, billingCycle, ...listed }) => ({
    id,
    tenantId,
    productId,
    productName,
    displayTemplate,
    ...(billingCycle === '' ? {} : { billingCycle }),
    listedQuantity: (listed.current ? (listed.listedQuantity ?? '0') : '0') as Quantity,
  }))
}

/** Subscriptions that PRISM lists under none of the agreement's tenants. */
export interface ForeignSubscriptions {
  /** Listed under others alone. */
  readonly foreign: readonly SubscriptionKey[]
  /** Once listed under one of the tenants, and now under another. */
  readonly moved: readonly SubscriptionKey[]
}

/** Of `ids`, those that are subscriptions of other tenants than `tenantIds`. */
export const foreignSubscriptions = async (
  db: Database,
  organisationId: string,
  program: string,
  ids: readonly SubscriptionKey[],
  tenantIds: readonly string[],
): Promise<ForeignSubscriptions> => {
  if (ids.length === 0) return { foreign: [], moved: [] }
  const wasHere = sql<boolean>`EXISTS (SELECT FROM ${subscriptionTenants}
    WHERE ${subscriptionTenants.organisationId} = ${prismSubscriptions.organisationId}
      AND ${subscriptionTenants.program} = ${prismSubscriptions.program}
      AND ${subscriptionTenants.subscriptionId} = ${prismSubscriptions.id}
      AND ${isOneOf(subscriptionTenants.tenantId, tenantIds)})`
  const rows = await db
    .select({ id: prismSubscriptions.id, wasHere })
    .from(prismSubscriptions)
    .where(
      and(
        eq(prismSubscriptions.organisationId, organisationId),
        eq(prismSubscriptions.program, program),
        isOneOf(prismSubscriptions.id, ids),
        not(isOneOf(prismSubscriptions.tenantId, tenantIds)),
      ),
    )
    .orderBy(prismSubscriptions.id)
  const idsWhere = (isMoved: boolean) => rows.filter((row) => row.wasHere === isMoved).map((row) => row.id)
  return { foreign: idsWhere(false), moved: idsWhere(true) }
}
