/** Invoice files that are being loaded, and how far each is. */
import { bigint, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { day, moment, organisation, period } from '../columns.ts'

/**
 * A file that a look found new, or looks whether it is what it was. The row is there from that look until the months are
 * decided, which waits for all of them; how far it is becomes true in the same transaction as the lines.
 */
export const invoiceLoads = pgTable(
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
    takesState: text('takes_state'),
    /** The content that is known: where it comes again, there is nothing to load. */
    knownHash: text('known_hash'),
    /** Lines stored so far, bad ones included. */
    lines: integer('lines').notNull().default(0),
    /** Where in the file they end, in bytes and in lines of the file; how long its header is. */
    bytes: bigint('bytes', { mode: 'number' }).notNull().default(0),
    headerBytes: integer('header_bytes').notNull().default(0),
    fileLines: integer('file_lines').notNull().default(0),
    /** SHA-256 of the file up to there, hexadecimal. */
    beginningHash: text('beginning_hash'),
    /** SHA-256 of all of it, once all of its lines are stored. */
    contentHash: text('content_hash'),
    /** How often it began with another content than before, and was begun again. */
    restarts: integer('restarts').notNull().default(0),
    /** How often in a row PRISM broke off, or did not answer, before another line was stored. */
    failures: integer('failures').notNull().default(0),
    /** When it was stored, or noted as one that cannot be. */
    doneAt: moment('done_at'),
    /** Whether it became an invoice that waits for a person. */
    detected: integer('detected').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.organisationId, t.program, t.prismInvoiceId] })],
)
