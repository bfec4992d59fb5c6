/**
 * The values of the billing core: what goes in (`Situation`), what comes out (`Plan`).
 *
 * Everything here is plain JSON: a plan can be stored, shown, compared, and written as a literal in a test.
 * Days are calendar strings `YYYY-MM-DD` and never pass through a time zone; periods are calendar months `YYYY-MM`.
 * Quantities and money are decimal strings (`"12"`, `"0.5"`, `"1204.48"`), never floats.
 */
export * from './changes.ts'
export * from './finding-types.ts'
export * from './plan-types.ts'
export * from './records.ts'
export * from './rule-types.ts'
export * from './situation.ts'
export * from './values.ts'
