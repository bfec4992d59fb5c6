/** Resident memory above idle of a process that asks something of a server. */
import type { Row } from '#scripts/bench-table.ts'
import { startProcess } from './calls.ts'

/** Arguments of the process. */
export interface MemorySetUp {
  readonly site: string
  readonly databaseUrl: string
}

export type Asking = 'info' | 'info-gzip' | 'additions' | 'additions-gzip' | 'parse' | 'load' | 'load-wide'

export interface MemoryCalls {
  /** Bytes; throws where what must come to its end did not. */
  measure(
    asking: Asking,
  ): Promise<{ readonly idle: number; readonly peak: number /** What came of it. */; readonly said: string }>
}

/** The row of one asking, in a process of its own. */
export async function memoryRow(
  setUp: MemorySetUp,
  asking: Asking,
  measure: string,
  budgetMb: number,
): Promise<Row> {
  await using started = startProcess<MemoryCalls>('memory-process.ts', setUp)
  const budget = { times: 1, plus: budgetMb }
  try {
    const { idle, peak } = await started.calls.measure(asking)
    return { measure, ours: peak / 2 ** 20, reference: idle / 2 ** 20, unit: 'MB', budget }
  } catch (error) {
    return { measure, ours: Number.NaN, unit: 'MB', budget, failed: String(error) }
  }
}
