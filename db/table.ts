/** Tables whose CHECKs say what their columns' types say. */
import { type BuildExtraConfigColumns, getTableColumns } from 'drizzle-orm'
import {
  type CheckBuilder,
  check,
  type PgColumnBuilderBase,
  type PgTable,
  type PgTableExtraConfigValue,
  pgTable,
} from 'drizzle-orm/pg-core'
import { isAmong, ruleOf } from './columns.ts'

/**
 * A table with a CHECK for each column that has a list of values or a rule (`columns.ts`), made from the very list or rule, so
 * that the two cannot differ.
 * @param more its keys, indexes and what else the database demands
 */
export const table = <Name extends string, Builders extends Record<string, PgColumnBuilderBase>>(
  name: Name,
  builders: Builders,
  more: (t: BuildExtraConfigColumns<Name, Builders, 'pg'>) => PgTableExtraConfigValue[] = () => [],
) => {
  const made = pgTable(name, builders, (t): PgTableExtraConfigValue[] => [
    ...more(t),
    ...checksOf(name, builders, made),
  ])
  return made
}

const checksOf = (
  name: string,
  builders: Readonly<Record<string, PgColumnBuilderBase>>,
  made: PgTable,
): CheckBuilder[] =>
  Object.entries(getTableColumns(made)).flatMap(([key, column]) => {
    const called = `${name}_${column.name}`
    const builder = builders[key]
    const rule = builder === undefined ? undefined : ruleOf(builder)
    return [
      ...(column.enumValues === undefined
        ? []
        : [check(`${called}_known`, isAmong(column, column.enumValues))]),
      ...(rule === undefined ? [] : [check(`${called}_${rule.name}`, rule.holds(column))]),
    ]
  })
