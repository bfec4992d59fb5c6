/**
 * What somebody looks for in the search box (J15), as conditions that a trigram index answers: each searched table has one over a
 * text of its names and ids, in lower case, with a space before each.
 */
import { type AnyColumn, type SQL, sql } from 'drizzle-orm'

export interface Sought {
  /** Without surrounding and double spaces. */
  readonly text: string
  /** At most `MOST_WORDS`; what more there are narrow nothing. */
  readonly words: readonly string[]
}

const MOST_WORDS = 6
/** So many rows of a rank are looked at. Where more fit, which of them are shown is not said. */
const CANDIDATES = 200

export const soughtOf = (given: string): Sought => {
  const text = given.trim().replace(/\s+/g, ' ')
  return { text, words: text.split(' ').filter(Boolean).slice(0, MOST_WORDS) }
}

/** A single letter is in everything; a digit may be a number of ConnectWise’s. */
export const isTooShort = ({ text }: Sought): boolean => text.length < 2 && !/\d/.test(text)

/** The text of a row that is searched. The index and the query must write it alike. */
export const searchedText = (...columns: readonly (AnyColumn | SQL)[]): SQL =>
  sql`lower(${sql.join(
    columns.map((column) => sql`' ' || ${column}`),
    sql` || `,
  )})`

const literally = (text: string): string => text.replace(/[\\%_]/g, '\\$&')
const like = (searched: SQL, pattern: string): SQL => sql`${searched} LIKE lower(${pattern})`

/** A word without three letters or digits in a row has no trigram inside: it is looked for where words begin. */
const hasWord = (searched: SQL, word: string): SQL =>
  like(searched, `${/[\p{L}\p{N}]{3}/u.test(word) ? '%' : '% '}${literally(word)}%`)

interface Searched {
  readonly table: SQL
  /** What is kept of a row, with `id` among it, by which a row is one. */
  readonly columns: SQL
  /** Whose rows. */
  readonly scope: SQL
  readonly searched: SQL
  /** The part of it that counts; left out: all of it. */
  readonly within?: SQL
  /** What is the thing itself: its id or whole name. */
  readonly exact: SQL
}

/**
 * Rows of one table with their `rank`: 0 the thing itself, 1 begins with the text, 2 has a word that does, 3 has all the words.
 * Each rank is asked for by itself, so that a common word never hides what it is the whole name of.
 */
export const ranked = (
  { text, words }: Sought,
  { table, columns, scope, searched, within = searched, exact }: Searched,
): SQL => {
  const found = (rank: SQL, condition: SQL): SQL =>
    sql`(SELECT ${rank} AS rank, ${columns} FROM ${table} WHERE ${scope} AND ${condition} LIMIT ${CANDIDATES})`
  const allWords = sql.join(
    [searched, ...(within === searched ? [] : [within])].flatMap((of) =>
      words.map((word) => hasWord(of, word)),
    ),
    sql` AND `,
  )
  const begins = `${literally(text)}%`
  const isWord = like(within, `% ${begins}`)
  return sql`
    ${found(sql`0`, sql`(${exact})`)} UNION ALL
    ${found(sql`1`, sql`${like(searched, `% ${begins}`)} AND ${like(within, ` ${begins}`)}`)} UNION ALL
    ${found(sql`CASE WHEN ${isWord} THEN 2 ELSE 3 END`, sql`(${allWords})`)}`
}
