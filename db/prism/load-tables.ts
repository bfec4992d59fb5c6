/** Invoice files that are being loaded, and how far each is. */
import { bigint, primaryKey, text } from 'drizzle-orm/pg-core'
import { count, day, moment, oneOf, organisation, period } from '../columns.ts'
import { table } from '../table.ts'
import { invoices } from './invoice-tables.ts'

/**
 * A file that a look found new, or looks whether it is what it was. The row is there from that look until the months are
 * decided, which waits for all of them; how far it is becomes true in the same transaction as the lines.
 */
export const invoiceLoads = table(
  'invoice_loads',
  {
    organisationId: organisation(),
    program: text('program').notNull(),
    prismInvoiceId: text('prism_invoice_id').notNull(),
    /** As PRISM's list gave them. */
    programName: text('program_name').notNull(),
    period: period('period').notNull(),
    invoicedOn: day('invoiced_on'),
    askedAt: moment('asked_at').notNull().defaultNow(),
    /** The stored invoice that its lines come to; `null`: nothing of it is stored. */
    invoiceId: text('invoice_id'),
    /** Its state where it was there before, without lines, and gets them now; `null`: it is a new one. */
    takesState: oneOf('takes_state', invoices.state.enumValues),
    /** The content that is known: where it comes again, there is nothing to load. */
    knownHash: text('known_hash'),
    /** Lines stored so far, bad ones included. */
    lines: count('lines').notNull().default(0),
    /** Where in the file they end, in bytes and in lines of the file; how long its header is. */
    bytes: bigint('bytes', { mode: 'number' }).notNull().default(0),
    headerBytes: count('header_bytes').notNull().default(0),
    fileLines: count('file_lines').notNull().default(0),
    /** SHA-256 of the file up to there, hexadecimal. */
    beginningHash: text('beginning_hash'),
    /** SHA-256 of all of it, once all of its lines are stored. */
    contentHash: text('content_hash'),
    /** How often it began with another content than before, and was begun again. */
    restarts: count('restarts').notNull().default(0),
    /** How often in a row PRISM broke off, or did not answer, before another line was stored. */
    failures: count('failures').notNull().default(0),
    /** When it was stored, or noted as one that cannot be. */
    doneAt: moment('done_at'),
    /** Whether it became an invoice that waits for a person. */
    detected: count('detected').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program, t.prismInvoiceId] })],
)
