/** Counts what a job asks the database, so that a test can say how often it may. */
import { getTableName, is, Table } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import type { Database, OpenDatabase } from '#db/client.ts'
import * as schema from '#db/schema.ts'
import { requestId } from '#lib/base/request-id.ts'

export interface Statement {
  readonly text: string
  /** The values, as JSON. */
  readonly values: string
  /** The job that asked; `null` where none did. */
  readonly job: string | null
}

const exported: readonly unknown[] = Object.values(schema)
const names = exported.flatMap((each) => (is(each, Table) ? [getTableName(each)] : []))

/** The same database, every statement of which is noted. */
export const countingDatabase = ({
  pool,
}: Pick<OpenDatabase, 'pool'>): { readonly db: Database; readonly asked: Statement[] } => {
  const asked: Statement[] = []
  const logQuery = (text: string, values: unknown[]): void => {
    asked.push({
      text: text.replaceAll(/\s+/g, ' ').trim(),
      values: JSON.stringify(values),
      job: requestId(),
    })
  }
  return { db: drizzle({ client: pool, schema, logger: { logQuery } }), asked }
}

/** The tables that a statement names, in its order. */
export const tablesOf = ({ text }: Pick<Statement, 'text'>): string[] =>
  [...new Set(text.match(/\w+/g))].filter((word) => names.includes(word))

const written = /\b(?:insert into|update|delete from) "?(\w+)/gi
/** The tables that it writes to; none where it only reads. */
const writtenBy = ({ text }: Statement): string[] =>
  [...text.matchAll(written)].map(([, name = '']) => name).filter((name) => names.includes(name))

/** What it does, in few words: `read runs`, `write leases`, `begin`. */
export const kindOf = (statement: Statement): string => {
  const [target] = writtenBy(statement)
  if (target !== undefined) return `write ${target}`
  const [first] = tablesOf({ text: statement.text.replace(/^.*?\bfrom\b/i, '') })
  return first === undefined ? statement.text.slice(0, 40) : `read ${first}`
}

/** Reads that were sent again with the same values although nothing was written in between to a table that they name. */
export const askedAgain = (statements: readonly Statement[]): Statement[] => {
  const known = new Map<string, readonly string[]>()
  return statements.filter((statement) => {
    const targets = writtenBy(statement)
    for (const [key, tables] of known) if (tables.some((table) => targets.includes(table))) known.delete(key)
    const tables = tablesOf(statement)
    if (targets.length > 0 || tables.length === 0) return false
    const key = `${statement.text} ${statement.values}`
    if (known.has(key)) return true
    known.set(key, tables)
    return false
  })
}

/** Statements by what they do, the most frequent first: what a failing test shows. */
export const asTable = (statements: readonly Statement[]): string =>
  [...Map.groupBy(statements, kindOf)]
    .map(([kind, all]) => [kind, all.length] as const)
    .sort(([a, some], [b, others]) => others - some || a.localeCompare(b))
    .map(([kind, count]) => `${String(count).padStart(4)} ${kind}`)
    .join('\n')
