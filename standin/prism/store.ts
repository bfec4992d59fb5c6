/** All that a PRISM stand-in holds besides tokens. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../http/clock.ts'
import { addDays, firstDay } from './calendar.ts'
import { type CsvFormat, realFormat } from './csv.ts'
import { type Invoice, openPartnerBook, type PartnerBook } from './partner-book.ts'
import type { Person, PrismSeed, RelyingParty } from './seed.ts'

/** An API client that a person generated. */
export interface GeneratedClient {
  readonly customerId: number
  readonly clientId: string
  readonly clientSecret: string
  readonly name: string
  readonly email: string
}

export interface PrismStore {
  readonly books: () => readonly PartnerBook[]
  /** The book of a partner's CustomerId; the first one without it. */
  readonly book: (customerId?: number) => PartnerBook | undefined
  readonly bookOfClient: (clientId: string, clientSecret: string) => PartnerBook | undefined
  /** Whether the API client is there and was not revoked. */
  readonly hasClient: (clientId: string) => boolean
  readonly clientsOf: (customerId: number) => readonly GeneratedClient[]
  readonly generateClient: (
    customerId: number,
    of: { readonly name: string; readonly email: string },
  ) => GeneratedClient
  /** Returns false where the partner has generated no such client. */
  readonly revokeClient: (customerId: number, clientId: string) => boolean
  /** Who signs in with the e-mail address, in any case of letters. */
  readonly person: (email: string) => { readonly person: Person; readonly customerId: number } | undefined
  readonly relyingParties: () => readonly RelyingParty[]
  readonly relyingParty: (clientId: string) => RelyingParty | undefined
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
  let generated: readonly GeneratedClient[] = []
  const relyingParties = seed.relyingParties ?? []

  const store: PrismStore = {
    format: realFormat,
    books: () => books,
    book: (customerId) =>
      customerId === undefined ? books[0] : books.find((book) => book.partner.customerId === customerId),
    bookOfClient: (clientId, clientSecret) =>
      books.find((book) =>
        clientsWithSecret(book).some(
          (client) => client.clientId === clientId && client.clientSecret === clientSecret,
        ),
      ),
    hasClient: (clientId) =>
      books.some((book) => clientsWithSecret(book).some((client) => client.clientId === clientId)),
    clientsOf: (customerId) => generated.filter((client) => client.customerId === customerId),
    generateClient(customerId, { name, email }) {
      const [clientId, clientSecret] = [`client-${randomUUID()}`, randomBytes(24).toString('base64url')]
      const client = { customerId, clientId, clientSecret, name, email }
      generated = [...generated, client]
      return client
    },
    revokeClient(customerId, clientId) {
      const left = generated.filter(
        (client) => client.customerId !== customerId || client.clientId !== clientId,
      )
      const found = left.length < generated.length
      generated = left
      return found
    },
    person(email) {
      const wanted = email.trim().toLowerCase()
      for (const { people = [], customerId } of seed.partners) {
        const person = people.find((one) => one.email.toLowerCase() === wanted)
        if (person !== undefined) return { person, customerId }
      }
      return undefined
    },
    relyingParties: () => relyingParties,
    relyingParty: (clientId) => relyingParties.find((party) => party.clientId === clientId),
    issueNext(book) {
      const issued = book.issueNext(store.format)
      setClock(book)
      return issued
    },
    restart(issued) {
      let lastId = firstInvoiceId - 1
      store.format = realFormat
      generated = []
      books = seed.partners.map((partner) => openPartnerBook(partner, () => ++lastId))
      if (books[0] !== undefined) setClock(books[0])
      for (const book of books) for (let count = 0; count < issued; count++) store.issueNext(book)
    },
  }

  function clientsWithSecret({ partner }: PartnerBook) {
    return [...partner.clients, ...store.clientsOf(partner.customerId)]
  }

  /**
   * Invoices appear between the 1st and the 3rd (docs/facts/prism.md, "When invoices come out"): the 2nd of
   * the month after the last issued usage.
   */
  function setClock(book: PartnerBook): void {
    clock.set(addDays(firstDay(book.nextUsage()), 1))
  }

  return store
}
