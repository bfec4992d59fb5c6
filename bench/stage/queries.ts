/** Counts the statements that this process sends to PostgreSQL, whoever sends them. */
import pg from 'pg'

let sent = 0
const send: (...input: unknown[]) => unknown = pg.Client.prototype.query
pg.Client.prototype.query = function query(this: pg.Client, ...input: unknown[]) {
  sent += 1
  return Reflect.apply(send, this, input)
} as typeof pg.Client.prototype.query

/** Since the process began. */
export const queriesSent = (): number => sent
