/** What people said of customers that are mapped nowhere: that a suggestion is right, or that there is none to be made (J7). */
import { and, asc, count, desc, eq, gt, gte, isNotNull, isNull, min, sql } from 'drizzle-orm'
import { changes } from '#db/ledger/tables.ts'
import { prismTenants } from '#db/prism/tables.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import type { Mapping } from './mappings.ts'
import { mappings, neverMapped } from './tables.ts'

export type StoredNever = typeof neverMapped.$inferSelect

/** A tenant that is never mapped, as it is called now. */
export interface NeverMapped extends StoredNever {
  readonly name: string
  readonly domain: string
}

const ofProgram = (organisationId: string, program: string) =>
  and(eq(neverMapped.organisationId, organisationId), eq(neverMapped.program, program))

/** All of a program, by name; one that somebody mapped at the same moment is none. */
export const neverMappedOf = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<NeverMapped[]> => {
  const rows = await db
    .select({ said: neverMapped, name: prismTenants.name, domain: prismTenants.domain })
    .from(neverMapped)
    .leftJoin(
      prismTenants,
      and(
        eq(prismTenants.organisationId, neverMapped.organisationId),
        eq(prismTenants.program, neverMapped.program),
        eq(prismTenants.id, neverMapped.tenantId),
      ),
    )
    .leftJoin(
      mappings,
      and(
        eq(mappings.organisationId, neverMapped.organisationId),
        eq(mappings.program, neverMapped.program),
        eq(mappings.tenantId, neverMapped.tenantId),
      ),
    )
    .where(and(ofProgram(organisationId, program), isNull(mappings.tenantId)))
    .orderBy(asc(sql`lower(${prismTenants.name})`), asc(neverMapped.tenantId))
  return rows.map(({ said, name, domain }) => ({
    ...said,
    name: name ?? said.tenantId,
    domain: domain ?? '',
  }))
}

/** Those of the tenants that are never mapped. */
export const neverMappedAmong = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<StoredNever[]> =>
  tenantIds.length === 0
    ? []
    : db
        .select()
        .from(neverMapped)
        .where(and(ofProgram(organisationId, program), isOneOf(neverMapped.tenantId, tenantIds)))

/** Said once more, the newer reason holds. */
export const putNeverMapped = async (
  db: Database,
  organisationId: string,
  said: Omit<StoredNever, 'organisationId'>,
): Promise<void> => {
  const { reason, saidBy, saidAt } = said
  await db
    .insert(neverMapped)
    .values({ ...said, organisationId })
    .onConflictDoUpdate({
      target: [neverMapped.organisationId, neverMapped.program, neverMapped.tenantId],
      set: { reason, saidBy, saidAt },
    })
}

/** @returns whether there was one */
export const deleteNeverMapped = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<boolean> => {
  const rows = await db
    .delete(neverMapped)
    .where(and(ofProgram(organisationId, program), eq(neverMapped.tenantId, tenantId)))
    .returning({ tenantId: neverMapped.tenantId })
  return rows.length > 0
}

/** How many tenants of a program are neither mapped nor never to be. */
export const tenantsToMatch = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<number> => {
  const [row] = await db
    .select({ waiting: count() })
    .from(prismTenants)
    .leftJoin(
      mappings,
      and(
        eq(mappings.organisationId, prismTenants.organisationId),
        eq(mappings.program, prismTenants.program),
        eq(mappings.tenantId, prismTenants.id),
      ),
    )
    .leftJoin(
      neverMapped,
      and(
        eq(neverMapped.organisationId, prismTenants.organisationId),
        eq(neverMapped.program, prismTenants.program),
        eq(neverMapped.tenantId, prismTenants.id),
      ),
    )
    .where(
      and(
        eq(prismTenants.organisationId, organisationId),
        eq(prismTenants.program, program),
        isNull(mappings.tenantId),
        isNull(neverMapped.tenantId),
      ),
    )
  return row?.waiting ?? 0
}

/** Mappings that were accepted at once and still go where they went then, by agreement. */
export const mappingsAcceptedIn = async (
  db: Database,
  organisationId: string,
  program: string,
  acceptance: string,
): Promise<Mapping[]> =>
  db
    .select()
    .from(mappings)
    .where(
      and(
        eq(mappings.organisationId, organisationId),
        eq(mappings.program, program),
        eq(mappings.acceptedIn, acceptance),
      ),
    )
    .orderBy(asc(mappings.agreementId), asc(mappings.tenantId))

export interface Acceptance {
  readonly id: string
  /** Those of its mappings that no sync has taken up. */
  readonly mapped: number
  readonly at: Date
}

/** The last mappings that were accepted together, as far as they can be taken back; `null`: none can. */
export const lastAcceptance = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<Acceptance | null> => {
  const [row] = await db
    .select({ id: mappings.acceptedIn, mapped: count(), at: min(mappings.createdAt) })
    .from(mappings)
    .where(
      and(
        eq(mappings.organisationId, organisationId),
        eq(mappings.program, program),
        isNull(mappings.attemptedAt),
        isNotNull(mappings.acceptedIn),
      ),
    )
    .groupBy(mappings.acceptedIn)
    .having(gt(count(), 1))
    .orderBy(desc(min(mappings.createdAt)))
    .limit(1)
  return row?.id && row.at ? { id: row.id, mapped: row.mapped, at: row.at } : null
}

/** Whether anything was meant to be written to an agreement, or taken over there, since a time. */
export const isWrittenSince = async (
  db: Database,
  organisationId: string,
  {
    program,
    agreementId,
    since,
  }: { readonly program: string; readonly agreementId: number; readonly since: Date },
): Promise<boolean> => {
  const rows = await db
    .select({ id: changes.id })
    .from(changes)
    .where(
      and(
        eq(changes.organisationId, organisationId),
        eq(changes.program, program),
        eq(changes.agreementId, agreementId),
        gte(changes.createdAt, since),
      ),
    )
    .limit(1)
  return rows.length > 0
}
