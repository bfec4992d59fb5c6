/**
 * Memory under a huge invoice (docs/architecture.md, "Budgets"), each case in a process of its own,
 * PostgreSQL not counted: parsing alone at most 150 MB over idle, loading at most 200 MB. `BENCH_LINES` sets
 * the file's length.
 */
import type { Row } from '#scripts/bench-table.ts'
import { startDatabase } from './stage/database.ts'
import { startLargeAnswers } from './stage/large-answers.ts'
import { memoryRow } from './stage/memory.ts'
import { shown, sizeOf } from './stage/sizes.ts'

const LINES = sizeOf('BENCH_LINES', 1_000_000)

export default async function csv(): Promise<Row[]> {
  await using server = await startLargeAnswers(LINES)
  await using database = await startDatabase()
  const setUp = { site: server.site, databaseUrl: database.url }
  const lines = `${shown(LINES)} lines`
  return [
    await memoryRow(setUp, 'parse', `csv, an invoice of ${lines}, parsed: memory over idle`, 150),
    await memoryRow(setUp, 'load', `csv, an invoice of ${lines}, loaded: memory over idle`, 200),
    await memoryRow(
      setUp,
      'load-wide',
      'csv, an invoice of 900 lines of 1 MB, loaded: memory over idle',
      200,
    ),
  ]
}
