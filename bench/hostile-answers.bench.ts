/**
 * Memory under hostile and huge answers (docs/architecture.md, "Budgets"): each asked in a process of its
 * own, at most 200 MB over idle.
 */
import type { Row } from '#scripts/bench-table.ts'
import { startLargeAnswers } from './stage/large-answers.ts'
import { type Asking, memoryRow } from './stage/memory.ts'

const BUDGET_MB = 200
const cases: readonly (readonly [Asking, string])[] = [
  ['info', 'company info of 600 MB'],
  ['info-gzip', 'company info that opens to 300 MB'],
  ['additions', 'a list of additions of 600 MB'],
  ['additions-gzip', 'a list of additions that opens to 300 MB'],
]

export default async function hostileAnswers(): Promise<Row[]> {
  await using server = await startLargeAnswers()
  const setUp = { site: server.site, databaseUrl: '' }
  const rows: Row[] = []
  for (const [asking, what] of cases)
    rows.push(await memoryRow(setUp, asking, `hostile answers, ${what}: memory over idle`, BUDGET_MB))
  return rows
}
