import { UsageText } from '#app/ui/kit/usage-text.tsx'
import { type Planned, planTitle } from './plan-names.ts'

/** What a plan is of: its month, or its annual invoice (J9). */
export const PlanTitle = ({ plan }: { plan: Planned }) =>
  plan.annual === undefined ? <UsageText period={plan.period} /> : planTitle(plan)
