/** Lines that several customers have a claim to, and domains that were learned from lines (design.md 2a, "Whose line"). */
import { and, arrayOverlaps, eq, isNull, type SQL } from 'drizzle-orm'
import type { InvoiceLine } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { invoiceLines, lineClaims } from '../schema.ts'
import { toLine } from './invoice-lines.ts'

export interface ContestedSubscription {
  /** In lower case. */
  readonly subscriptionId: string
  /** Who has a claim, in order. */
  readonly tenantIds: readonly string[]
  /** Without a tenant. */
  readonly lines: readonly InvoiceLine[]
}

export interface Claims {
  readonly contested: readonly ContestedSubscription[]
  /** By subscription id (lower case), the domain on its lines that PRISM never gave its customer. */
  readonly learned: ReadonlyMap<string, string>
}

/** What of an invoice is contested or was learned, and concerns one of the tenants. */
export const claimsOf = async (
  db: Database,
  organisationId: string,
  program: string,
  invoiceId: string,
  tenantIds: readonly string[],
): Promise<Claims> => {
  if (tenantIds.length === 0) return { contested: [], learned: new Map() }
  const theirs = and(
    eq(lineClaims.organisationId, organisationId),
    eq(lineClaims.program, program),
    eq(lineClaims.invoiceId, invoiceId),
    arrayOverlaps(lineClaims.tenantIds, [...tenantIds]),
  )
  const claims = await db.select().from(lineClaims).where(theirs).orderBy(lineClaims.subscriptionId)
  const learned = claims.filter((each) => each.kind === 'learned')
  return {
    contested: claims.length === learned.length ? [] : await contestedOf(db, theirs),
    learned: new Map(learned.map((each) => [each.subscriptionId, each.domains.join(', ')])),
  }
}

const contestedOf = async (db: Database, theirs: SQL | undefined): Promise<ContestedSubscription[]> => {
  const rows = await db
    .select({ line: invoiceLines, tenantIds: lineClaims.tenantIds })
    .from(lineClaims)
    .innerJoin(
      invoiceLines,
      and(
        eq(invoiceLines.organisationId, lineClaims.organisationId),
        eq(invoiceLines.program, lineClaims.program),
        eq(invoiceLines.invoiceId, lineClaims.invoiceId),
        eq(invoiceLines.subscriptionId, lineClaims.subscriptionId),
        isNull(invoiceLines.tenantId),
      ),
    )
    .where(and(theirs, eq(lineClaims.kind, 'contested')))
    .orderBy(invoiceLines.row)
  return [...Map.groupBy(rows, ({ line }) => line.subscriptionId)].map(([subscriptionId, of]) => ({
    subscriptionId,
    tenantIds: of[0]?.tenantIds ?? [],
    lines: of.map(({ line }) => toLine(line)),
  }))
}
