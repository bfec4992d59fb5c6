/** Price rules (J11), and of which subscriptions those with a month took hold. */
import { and, asc, eq, or, type SQL, sql } from 'drizzle-orm'
import { type SubscriptionKey, skuKey } from '#lib/billing/keys.ts'
import type { PriceRule } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import { insertRows, isOneOf } from '../rows.ts'
import { priceRules, rulesTaken } from './rule-tables.ts'

type Row = typeof priceRules.$inferSelect

/** A rule as it is stored, with who said it last and when. */
export interface StoredRule extends PriceRule {
  readonly changedBy: string
  readonly changedAt: Date
}

const ofProgram = (organisationId: string, program: string) =>
  and(eq(priceRules.organisationId, organisationId), eq(priceRules.program, program))

const toRule = ({ id, tenantId, sku, from, terms, changedBy, changedAt }: Row): StoredRule => ({
  id,
  tenantId: tenantId === '' ? null : tenantId,
  sku: sku === '' ? null : sku,
  from: from === '' ? null : from,
  terms,
  changedBy,
  changedAt,
})

const listed = async (db: Database, which: SQL | undefined): Promise<StoredRule[]> =>
  (
    await db
      .select()
      .from(priceRules)
      .where(which)
      .orderBy(asc(priceRules.tenantId), asc(priceRules.sku), asc(priceRules.from))
  ).map(toRule)

/** All of the program; those of the whole program first, then products', then customers'. */
export const priceRulesOf = async (
  db: Database,
  organisationId: string,
  program: string,
): Promise<StoredRule[]> => listed(db, ofProgram(organisationId, program))

/** Those that customers can have: their own, products' and the program's. */
export const priceRulesFor = async (
  db: Database,
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<StoredRule[]> =>
  listed(
    db,
    and(
      ofProgram(organisationId, program),
      or(eq(priceRules.tenantId, ''), isOneOf(priceRules.tenantId, tenantIds)),
    ),
  )

export const priceRule = async (
  db: Database,
  organisationId: string,
  program: string,
  id: string,
): Promise<StoredRule | null> =>
  (await listed(db, and(ofProgram(organisationId, program), eq(priceRules.id, id))))[0] ?? null

type Place = Pick<PriceRule, 'tenantId' | 'sku' | 'from'>

const at = (organisationId: string, program: string, { tenantId, sku, from }: Place) =>
  and(
    ofProgram(organisationId, program),
    eq(priceRules.tenantId, tenantId ?? ''),
    eq(priceRules.sku, skuKey(sku ?? '')),
    eq(priceRules.from, from ?? ''),
  )

/** The rule for the same customer, product and month; locked until the end of the transaction. */
export const priceRuleAt = async (
  tx: Database,
  organisationId: string,
  program: string,
  place: Place,
): Promise<StoredRule | null> => {
  const [row] = await tx
    .select()
    .from(priceRules)
    .where(at(organisationId, program, place))
    .for('update')
  return row === undefined ? null : toRule(row)
}

/** Stores a rule; one for the same customer, product and month is replaced by it. */
export const putPriceRule = async (
  tx: Database,
  organisationId: string,
  program: string,
  { id, terms, changedBy, ...place }: PriceRule & Pick<StoredRule, 'changedBy'>,
): Promise<void> => {
  const { tenantId, sku, from } = place
  await tx
    .insert(priceRules)
    .values({
      organisationId,
      program,
      id,
      terms,
      changedBy,
      tenantId: tenantId ?? '',
      sku: skuKey(sku ?? ''),
      from: from ?? '',
    })
    .onConflictDoUpdate({
      target: [
        priceRules.organisationId,
        priceRules.program,
        priceRules.tenantId,
        priceRules.sku,
        priceRules.from,
      ],
      set: { id, terms, changedBy, changedAt: new Date() },
    })
}

/** What it took hold of is forgotten with it. */
export const deletePriceRule = async (
  tx: Database,
  organisationId: string,
  program: string,
  id: string,
): Promise<void> => {
  await tx.delete(priceRules).where(and(ofProgram(organisationId, program), eq(priceRules.id, id)))
  await forgetTaken(tx, organisationId, program, id)
}

/** A rule that is replaced by another one took hold of nothing any more. */
export const forgetTaken = async (
  tx: Database,
  organisationId: string,
  program: string,
  ruleId: string,
): Promise<void> => {
  await tx
    .delete(rulesTaken)
    .where(
      and(
        eq(rulesTaken.organisationId, organisationId),
        eq(rulesTaken.program, program),
        eq(rulesTaken.ruleId, ruleId),
      ),
    )
}

export interface Taken {
  readonly agreementId: number
  readonly subscriptionId: SubscriptionKey
  readonly ruleId: string
}

/** Which of the rules took hold on the agreements. */
export const takenOn = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementIds: readonly number[],
): Promise<Taken[]> =>
  db
    .select({
      agreementId: rulesTaken.agreementId,
      subscriptionId: rulesTaken.subscriptionId,
      ruleId: rulesTaken.ruleId,
    })
    .from(rulesTaken)
    .where(
      and(
        eq(rulesTaken.organisationId, organisationId),
        eq(rulesTaken.program, program),
        isOneOf(rulesTaken.agreementId, agreementIds),
      ),
    )

/** Notes that rules took hold; what is noted already stays. */
export const noteTaken = async (
  tx: Database,
  organisationId: string,
  program: string,
  taken: readonly Taken[],
): Promise<void> => {
  await insertRows(
    tx,
    rulesTaken,
    taken.map((each) => ({ ...each, organisationId, program })),
    sql`ON CONFLICT ON CONSTRAINT rules_taken_pk DO NOTHING`,
  )
}
