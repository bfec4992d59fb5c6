/**
 * Statements that a connection sends again are prepared under a name, so that PostgreSQL parses and plans them once a connection:
 * planning took it longer than doing what they say.
 */
import { createHash } from 'node:crypto'
import pg from 'pg'
import { log } from '#lib/base/log.ts'

/** Statements that a connection keeps prepared: each takes memory of the server. */
const mostPrepared = 400
/** Texts of which a connection knows that it has sent them once. */
const mostSeen = 1_000
/** Longer ones store rows in batches, and are seldom sent again. */
const longestText = 20_000

/**
 * invalid_sql_statement_name, duplicate_prepared_statement: a pooler between us and PostgreSQL gave a connection of ours to
 * another of its own.
 */
const codesOfPooler: readonly unknown[] = ['26000', '42P05']
/** feature_not_supported: a migration changed what the statement gives ("cached plan must not change result type"). */
const codeOfStale = '0A000'

/** A text has the same name on every connection, so that a name never stands for another text. */
const nameOf = (text: string): string => createHash('sha256').update(text).digest('base64url')

interface Statement {
  readonly text: string
  readonly name?: string | undefined
}

/** Without those that read their answer themselves: a cursor, a copy. */
const isStatement = (asked: unknown): asked is Statement =>
  typeof asked === 'object' &&
  asked !== null &&
  !('submit' in asked) &&
  'text' in asked &&
  typeof asked.text === 'string'

type Ask = (asked: unknown, ...more: readonly unknown[]) => unknown

/**
 * The driver's client, which prepares statements with values from their second time on. Behind a pooler that shares connections by
 * the transaction the first such statement may fail, and from then on none of this process is prepared.
 * @param isPooled that such a pooler is known to be in front: nothing is prepared at all
 */
export const createPreparingClient = (isPooled = false): typeof pg.Client => {
  return class PreparingClient extends pg.Client {
    readonly #seen = new Set<string>()
    /** By text; null for one that is not to be prepared. */
    readonly #names = new Map<string, string | null>()

    override query: pg.Client['query'] = ((asked: unknown, ...more: readonly unknown[]): unknown => {
      const ask: Ask = super.query.bind(this)
      const [values, done] = more
      if (isPooled || !isStatement(asked) || !Array.isArray(values) || values.length === 0)
        return ask(asked, ...more)
      const { text } = asked
      const name = this.#nameOf(text)
      if (name === null) return ask(asked, ...more)
      // The pool asks with a function to be called, a transaction without.
      if (typeof done === 'function')
        return ask({ ...asked, name }, values, (error: unknown, result: unknown) => {
          this.#noteFailure(text, error)
          done(error, result)
        })
      return Promise.resolve(ask({ ...asked, name }, values)).catch((error: unknown) => {
        this.#noteFailure(text, error)
        throw error
      })
    }) as pg.Client['query']

    #nameOf(text: string): string | null {
      const known = this.#names.get(text)
      if (known !== undefined) return known
      if (text.length > longestText || this.#names.size === mostPrepared) return null
      if (!this.#seen.delete(text)) {
        if (this.#seen.size === mostSeen) this.#seen.clear()
        this.#seen.add(text)
        return null
      }
      const name = nameOf(text)
      this.#names.set(text, name)
      return name
    }

    #noteFailure(text: string, error: unknown): void {
      const code = error instanceof pg.DatabaseError ? error.code : undefined
      if (codesOfPooler.includes(code)) {
        if (!isPooled) log.warn('database-pooled', { code })
        isPooled = true
      }
      if (code === codeOfStale) this.#names.set(text, null)
    }
  }
}
