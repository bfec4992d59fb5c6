/** What a plan writes, for tests of it. */
import { changesOf, plan } from '../plan.ts'
import type { Change, Plan, Situation } from '../types.ts'

/** Of a plan, without what it keeps. */
export const writesIn = ({ periods }: Pick<Plan, 'periods'>): Change[] =>
  periods.flatMap(changesOf).filter(({ kind }) => kind !== 'keep')

/** Of a situation's plan. */
export const writesOf = (of: Situation): Change[] => writesIn(plan(of))
