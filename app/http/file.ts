/** A table as a file: CSV, or the same table as JSON, each row with the columns' names. */
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { parse } from 'csv-parse'
import { csvLine } from './csv.ts'

/** Lines of CSV in UTF-8, as they are made. */
export function csvStream(lines: AsyncIterable<readonly string[]>): BodyInit {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const values of lines) yield Buffer.from(csvLine(values))
  }
  return streamOf(bytes())
}

/** The rows of a CSV file as a JSON array of objects: texts as they were before the file guarded them against formulas. */
export function jsonOfCsv(csv: BodyInit): BodyInit {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const { body } = new Response(csv)
    yield Buffer.from('[')
    if (body !== null) {
      const rows = Readable.fromWeb(body as ReadableStream).pipe(parse({ columns: true, bom: true }))
      let separator = '\n'
      for await (const row of rows) {
        yield Buffer.from(separator + JSON.stringify(withoutGuards(row)))
        separator = ',\n'
      }
    }
    yield Buffer.from('\n]\n')
  }
  return streamOf(bytes())
}

const withoutGuards = (row: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      /^'[=+\-@\t\r]/.test(value) ? value.slice(1) : value,
    ]),
  )

// Node's class is the platform's, but TypeScript has a type for each.
const streamOf = (bytes: AsyncIterable<Uint8Array>): BodyInit =>
  ReadableStream.from(bytes) as unknown as BodyInit
