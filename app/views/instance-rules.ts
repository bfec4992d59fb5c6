/** Which of the rules that no source states hold on the organisation's ConnectWise, as it is shown (J13). */
import { server } from '#app/process/process.ts'
import { instanceRulesOf } from '#db/invoicing/instance-rules.ts'
import { instanceRules } from '#lib/proof/billing-rules.ts'
import { ruleTexts } from '#lib/proof/rule-texts.ts'

export async function shownInstanceRules(organisationId: string) {
  const found = await instanceRulesOf(server().db, organisationId)
  const [checked] = found
  return {
    checkedAt: checked === undefined ? null : checked.checkedAt.toISOString(),
    rules: instanceRules.map((rule) => {
      const known = found.find((each) => each.rule === rule)
      const { holds = 0, fails = 0, says: example = '' } = known?.evidence ?? {}
      return { rule, ...ruleTexts[rule], verdict: known?.verdict ?? 'unknown', holds, fails, example }
    }),
  }
}
