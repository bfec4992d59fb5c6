/** A deployment migrates while the version before still runs: migrations expand, then contract (docs/applying.md, "Migrations"). */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const folder = new URL('../drizzle/', import.meta.url)
/** The first one that the rule holds for: those before it belong to the version in which it was made. */
const FIRST = '0025'

const contracting = [
  /\bDROP (TABLE|COLUMN|TYPE|VIEW)\b/,
  /\bRENAME\b/,
  /\bSET NOT NULL\b/,
  /\bSET DATA TYPE\b/,
  /\bADD COLUMN\b(?!.*\bDEFAULT\b).*\bNOT NULL\b/,
  /\bADD CONSTRAINT\b/,
  /\bCREATE UNIQUE INDEX\b/,
]

/** Statements that the version before may not bear, unless a comment says why it does; a table's own first ones are no such. */
const unexplained = (migration: string): string[] => {
  const created = [...migration.matchAll(/CREATE TABLE "(\w+)"/g)].map(([, name]) => `"${name}"`)
  return migration
    .split('--> statement-breakpoint')
    .map((statement) => statement.trim())
    .filter((statement) => contracting.some((one) => one.test(statement)))
    .filter((statement) => !/^-- contract: \S/m.test(statement))
    .filter((statement) => !created.some((name) => statement.includes(` ${name} `)))
}

describe('a migration', () => {
  it('demands or drops nothing that the version before lives by, unless it says why that is so', () => {
    const bound = readdirSync(folder).filter((name) => name.endsWith('.sql') && name >= FIRST)
    const found = bound.map((name) => [name, unexplained(readFileSync(new URL(name, folder), 'utf8'))])
    expect(found.filter(([, statements]) => statements?.length !== 0)).toEqual([])
  })

  it.each([
    'ALTER TABLE "runs" DROP COLUMN "note";',
    'DROP TABLE "runs";',
    'ALTER TABLE "runs" ALTER COLUMN "note" SET NOT NULL;',
    'ALTER TABLE "runs" ADD COLUMN "why" text NOT NULL;',
    'ALTER TABLE "runs" RENAME COLUMN "note" TO "why";',
    'ALTER TABLE "runs" ADD CONSTRAINT "runs_note" CHECK (note <> \'\');',
    'CREATE UNIQUE INDEX "runs_note" ON "runs" USING btree ("organisation_id","note");',
  ])('that contracts is told from one that expands: %s', (statement) => {
    expect(unexplained(statement)).toEqual([statement])
    expect(unexplained(`-- contract: no version since 0025 writes it\n${statement}`)).toEqual([])
  })

  it.each([
    'ALTER TABLE "runs" ADD COLUMN "why" text;',
    'ALTER TABLE "runs" ADD COLUMN "why" text DEFAULT \'\' NOT NULL;',
    'CREATE INDEX "runs_note" ON "runs" USING btree ("organisation_id","note");',
    'CREATE TABLE "notes" ("id" uuid NOT NULL);--> statement-breakpoint\nALTER TABLE "notes" ADD CONSTRAINT "notes_run" CHECK (true);',
  ])('that expands needs no word: %s', (statement) => {
    expect(unexplained(statement)).toEqual([])
  })

  it('whose comment is about another statement is not explained by it', () => {
    const migration = '-- contract: nobody reads it\nDROP TABLE "a";--> statement-breakpoint\nDROP TABLE "b";'
    expect(unexplained(migration)).toEqual(['DROP TABLE "b";'])
  })
})
