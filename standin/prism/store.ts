/** All that a PRISM stand-in holds besides tokens. */
import type { Clock } from '../http/clock.ts'
import { addDays, firstDay } from './calendar.ts'
import { type CsvFormat, realFormat } from './csv.ts'
import { type Invoice, openPartnerBook, type PartnerBook } from './partner-book.ts'
import type { PrismSeed } from './seed.ts'

export interface PrismStore {
  readonly books: () => readonly PartnerBook[]
  /** The book of a partner's CustomerId; the first one without it. */
  readonly book: (customerId?: number) => PartnerBook | undefined
  readonly bookOfClient: (clientId: string, clientSecret: string) => PartnerBook | undefined
  /** Issues a partner's next month; the stand-in's clock moves to the day after the issue. */
  readonly issueNext: (book: PartnerBook) => readonly Invoice[]
  /** How the files of invoices issued from now on are written. */
  format: CsvFormat
  /** Back to the seed, with the first `issued` months issued. */
  readonly restart: (issued: number) => void
}

const firstInvoiceId = 90001

/** The clock is set to the stand-in's own time: what PRISM shows as live is never behind or ahead of its invoices. */
export function createStore(seed: PrismSeed, clock: Clock): PrismStore {
  let books: readonly PartnerBook[] = []

  const store: PrismStore = {
    format: realFormat,
    books: () => books,
    book: (customerId) =>
      customerId === undefined ? books[0] : books.find((book) => book.partner.customerId === customerId),
    bookOfClient: (clientId, clientSecret) =>
      books.find(({ partner }) =>
        partner.clients.some(
          (client) => client.clientId === clientId && client.clientSecret === clientSecret,
        ),
      ),
    issueNext(book) {
      const issued = book.issueNext(store.format)
      setClock(book)
      return issued
    },
    restart(issued) {
      let lastId = firstInvoiceId - 1
      store.format = realFormat
      books = seed.partners.map((partner) => openPartnerBook(partner, () => ++lastId))
      if (books[0] !== undefined) setClock(books[0])
      for (const book of books) for (let count = 0; count < issued; count++) store.issueNext(book)
    },
  }

  /** Invoices appear between the 1st and the 3rd (facts 6): the 2nd of the month after the last issued usage. */
  function setClock(book: PartnerBook): void {
    clock.set(addDays(firstDay(book.nextUsage()), 1))
  }

  return store
}
