/** Plans as they are shown: what rhipe charges is in them only for who may know it. */
import type * as cutover from '#lib/billing/cutover-types.ts'
import type * as money from '#lib/billing/plan-money.ts'
import type * as billing from '#lib/billing/types.ts'
import type { CostOptional } from '#lib/billing/without-cost.ts'
import type * as ledger from '#lib/ledger/outcome.ts'

export type Addition = CostOptional<billing.Addition>
export type Amount = CostOptional<billing.Amount>
export type AskedInvoice = CostOptional<billing.AskedInvoice>
export type Change = CostOptional<billing.Change>
export type ChangeOutcome = CostOptional<ledger.ChangeOutcome>
export type CutoverAddition = CostOptional<cutover.CutoverAddition>
export type CutoverReview = CostOptional<cutover.CutoverReview>
export type Finding = CostOptional<billing.Finding>
export type IgnoredLine = CostOptional<billing.IgnoredLine>
export type PeriodOutcome = CostOptional<ledger.PeriodOutcome>
export type PeriodPlan = CostOptional<billing.PeriodPlan>
export type Plan = CostOptional<billing.Plan>
export type PlanMoney = CostOptional<money.PlanMoney>
export type Preview = CostOptional<money.Preview>
export type Reconciliation = CostOptional<billing.Reconciliation>
export type SubscriptionOutcome = CostOptional<ledger.SubscriptionOutcome>
export type SubscriptionPlan = CostOptional<billing.SubscriptionPlan>
