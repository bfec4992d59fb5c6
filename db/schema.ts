/**
 * All tables. `organisation_id` leads every primary key, unique key and index, so that the schema shards on Citus as it
 * is; the directory tables are the exception: they find the organisation, or count what is asked before it is known.
 *
 * Money and quantities are `numeric` and read as strings; days are `date` in string mode; periods are text `YYYY-MM`.
 * Subscription ids are stored in lower case (serial numbers match without regard to case, F5).
 */

export * from './connections/scan-tables.ts'
export * from './connections/tables.ts'
export * from './directory/tables.ts'
export * from './invoicing/tables.ts'
export * from './keeping/tables.ts'
export * from './ledger/tables.ts'
export * from './mappings/lasting-table.ts'
export * from './mappings/one-time-tables.ts'
export * from './mappings/rule-tables.ts'
export * from './mappings/tables.ts'
export * from './mappings/waiting-table.ts'
export * from './months/tables.ts'
export * from './notices/tables.ts'
export * from './pacing/tables.ts'
export * from './people/second-factor-tables.ts'
export * from './people/tables.ts'
export * from './prism/invoice-tables.ts'
export * from './prism/load-tables.ts'
export * from './prism/tables.ts'
export * from './prism/term-tables.ts'
export * from './runs/tables.ts'
