/**
 * What is stored of an agreement by itself and a plan takes, in one statement: it is asked before each plan, as people answer meanwhile, and
 * is seldom anything.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { StoredBilledAnswer } from '#db/ledger/billed-answers.ts'
import type { UnfitSpan } from '#lib/billing/types.ts'
import type { Database } from '../client.ts'
import type { StoredAnswer } from './addition-answers.ts'
import type { AgreedPrice } from './agreed-prices.ts'
import type { StoredConfirmation } from './confirmations.ts'

export interface AboutAgreement {
  /** The database's clock then. */
  readonly at: Date
  /** By addition. */
  readonly answers: readonly Pick<StoredAnswer, 'additionId' | 'answer' | 'subscriptionId' | 'endsOn'>[]
  /** By month and subscription; also those of invoices that are not usable any more. */
  readonly confirmed: readonly Pick<
    StoredConfirmation,
    'subscriptionId' | 'period' | 'question' | 'invoiceId'
  >[]
  readonly prices: readonly Pick<AgreedPrice, 'subscriptionId' | 'unitPrice' | 'startsOn'>[]
  /** Of invoices of ConnectWise's. */
  readonly billed: readonly Pick<StoredBilledAnswer, 'additionId' | 'through' | 'readingId' | 'billed'>[]
  /** As `unfitSpans` gives them. */
  readonly unfit: readonly UnfitSpan[]
}

export const aboutAgreement = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
): Promise<AboutAgreement> => {
  const its = sql`organisation_id = ${organisationId} AND agreement_id = ${agreementId}`
  const itsOfProgram = sql`${its} AND program = ${program}`
  const { rows } = await db.execute<
    Omit<AboutAgreement, 'at'> & { readonly [key: string]: unknown; at: string }
  >(
    sql`SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::text AS at,
    ${listed(sql`'additionId', addition_id, 'answer', answer, 'subscriptionId', subscription_id, 'endsOn', ends_on`, sql`addition_id`, sql`addition_answers WHERE ${itsOfProgram}`)} AS answers,
    ${listed(sql`'subscriptionId', subscription_id, 'period', period, 'question', question, 'invoiceId', invoice_id`, sql`period, subscription_id`, sql`confirmations WHERE ${itsOfProgram}`)} AS confirmed,
    ${listed(sql`'subscriptionId', subscription_id, 'unitPrice', unit_price::text, 'startsOn', starts_on`, sql`subscription_id`, sql`agreed_prices WHERE ${itsOfProgram}`)} AS prices,
    ${listed(sql`'additionId', addition_id, 'through', through, 'readingId', reading_id, 'billed', billed`, sql`through, addition_id`, sql`billed_answers WHERE ${its}`)} AS billed,
    ${listed(sql`'from', from_day, 'until', until_day`, sql`unfit_since`, sql`unfit_spans WHERE ${its}`)} AS unfit`,
  )
  const [row] = rows
  if (row === undefined) throw new Error('A query of one row gave none')
  return { ...row, at: new Date(Number(row.at)) }
}

/** Rows as one JSON value; money is written as text, so that no digit of it is lost. */
const listed = (fields: SQL, order: SQL, from: SQL): SQL =>
  sql`(SELECT coalesce(jsonb_agg(jsonb_build_object(${fields}) ORDER BY ${order}), '[]') FROM ${from})`
