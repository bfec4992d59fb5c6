import { mayDo, type Principal } from '#lib/auth/actions.ts'
import { type CostOptional, withoutCost } from '#lib/billing/without-cost.ts'

/** Whatever an answer or a page is of: what rhipe charges leaves the server only for who may know it. */
export const shownTo = <T>({ role }: Pick<Principal, 'role'>, content: T): T | CostOptional<T> =>
  mayDo(role, 'cost.read') ? content : withoutCost(content)
