/** Which of the rules that no source states hold on an organisation's ConnectWise (J13). */
import { asc, eq } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { instanceRules } from './tables.ts'

export type InstanceRuleRow = Omit<typeof instanceRules.$inferSelect, 'organisationId'>

export const instanceRulesOf = async (db: Database, organisationId: string): Promise<InstanceRuleRow[]> =>
  db
    .select({
      rule: instanceRules.rule,
      verdict: instanceRules.verdict,
      evidence: instanceRules.evidence,
      checkedAt: instanceRules.checkedAt,
    })
    .from(instanceRules)
    .where(eq(instanceRules.organisationId, organisationId))
    .orderBy(asc(instanceRules.rule))

export const putInstanceRules = async (
  db: Database,
  organisationId: string,
  rules: readonly InstanceRuleRow[],
): Promise<void> => {
  for (const { rule, ...found } of rules)
    await db
      .insert(instanceRules)
      .values({ ...found, rule, organisationId })
      .onConflictDoUpdate({ target: [instanceRules.organisationId, instanceRules.rule], set: found })
}
