/** One benchmark in a process of its own: `bench-one.ts <file>`, whose default export returns rows. */
import { pathToFileURL } from 'node:url'
import type { Benchmark } from './bench-table.ts'

// Nobody is left to take the rows.
process.once('disconnect', () => process.exit(1))
const [path = ''] = process.argv.slice(2)
const { default: benchmark } = (await import(pathToFileURL(path).href)) as { default: Benchmark }
const rows = await benchmark()
process.send?.(rows, () => process.exit(0))
