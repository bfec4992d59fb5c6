/**
 * The host screen's server side: its files, and what its pages read. Nothing here needs a key: it is a screen for the
 * person at this machine, not a part of ConnectWise's API.
 */
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { mailAddressOf, type Site } from '../connectwise/auth.ts'
import { notFound } from '../connectwise/errors.ts'
import { deleteLastInvoice, invoicesOf, issueInvoice } from '../connectwise/invoices.ts'
import type { Row } from '../connectwise/records.ts'
import { type Resource, tableOf } from '../connectwise/resources.ts'
import { referenceId, show } from '../connectwise/show.ts'
import type { Store } from '../connectwise/store.ts'
import { textOf } from '../connectwise/text-of.ts'
import type { Clock } from '../http/clock.ts'
import type { Incoming } from '../http/incoming.ts'
import { json, type Reply, ReplyError, text } from '../http/reply.ts'
import { createRouter, type Router } from '../http/router.ts'
import { addEdits } from './edits.ts'

export interface HostScreenOptions {
  readonly store: Store
  readonly clock: Clock
  readonly site: Site
  /** The PRISM stand-in's address; `null` leaves its strip out. */
  readonly prismUrl: string | null
}

export function hostScreen(options: HostScreenOptions): Router {
  const { store, clock } = options
  const read = reader(store, clock)
  const router = createRouter()
  addEdits(router, { store, shown: read.shown })
  return router
    .on('GET', '/', () => publicFile('index.html'))
    .on('GET', '/screen/*', (_, { rest = '' }) => publicFile(rest))
    .on('GET', '/host/version', () => json({ version: store.version, today: clock.today() }))
    .on('GET', '/host/session', () => json(session(options)))
    .on('GET', '/host/members/:identifier/authentication', (incoming, { identifier = '' }) =>
      json(memberAuthentication(options, incoming, identifier)),
    )
    .on('GET', '/host/setups', () => json(setupsOf(store)))
    .on('GET', '/host/companies', () => json(read.companies()))
    .on('GET', '/host/companies/:id', (_, { id }) => json(read.company(Number(id))))
    .on('GET', '/host/agreements', () => json(read.agreements(store.all('agreements'))))
    .on('GET', '/host/agreements/:id', (_, { id }) => json(read.agreement(Number(id))))
    .on('POST', '/host/agreements/:id/invoice', (_, { id }) =>
      json(issueInvoice(store, Number(id), clock.today()), 201),
    )
    .on('DELETE', '/host/agreements/:id/invoices/last', (_, { id }) =>
      json(deleteLastInvoice(store, Number(id))),
    )
    .on('GET', '/host/prism', () => askPrism(options, 'GET', '/control/state'))
    .on('POST', '/host/prism/next-invoice', () => askPrism(options, 'POST', '/control/invoices/next'))
}

/** What the pages read, as ConnectWise's own API would show it. */
function reader(store: Store, clock: Clock) {
  const shown = (collection: Resource['collection'], row: Row) =>
    show(tableOf(collection), row, { store, today: clock.today(), apiUrl: '' })
  const agreements = (rows: readonly Row[]) =>
    rows.map((row) => ({ ...shown('agreements', row), additionCount: store.additionsOf(row.id).length }))
  const agreementsOf = (companyId: number) =>
    store.all('agreements').filter((row) => referenceId(row.company) === companyId)
  return {
    shown,
    agreements,
    companies: () =>
      store
        .all('companies')
        .map((row) => ({ ...shown('companies', row), agreementCount: agreementsOf(row.id).length })),
    company: (id: number) => ({
      company: shown('companies', found(store, 'companies', id)),
      agreements: agreements(agreementsOf(id)),
      setups: setupsOf(store).filter((setup) => setup.screen === 'company'),
    }),
    agreement: (id: number) => ({
      agreement: shown('agreements', found(store, 'agreements', id)),
      additions: store.additionsOf(id).map((row) => shown('additions', row)),
      invoices: invoicesOf(store, id),
      setups: setupsOf(store).filter((setup) => setup.screen === 'agreement'),
    }),
  }
}

interface PlacedSetup extends Row {
  /** Name of the screen in lower case, as `[cw_screen]` has it. */
  readonly screen: string
}

/** Installed pods and tabs that are switched on, in the order they were installed. */
function setupsOf(store: Store): PlacedSetup[] {
  return store
    .all('hostedSetups')
    .filter((setup) => setup.disabledFlag !== true)
    .map((setup) => {
      const screen = store.get('hostedScreens', Number(setup.screenId))
      return { ...setup, screen: textOf(screen?.screenId).toLowerCase() }
    })
}

function session({ store, site, clock, prismUrl }: HostScreenOptions) {
  const members = store.all('members').map(({ id, identifier, firstName, lastName }) => ({
    id,
    identifier,
    name: `${textOf(firstName)} ${textOf(lastName)}`,
  }))
  return {
    companyName: site.companyName ?? site.companyId,
    members,
    today: clock.today(),
    prism: prismUrl !== null,
  }
}

/** The data of `getMemberAuthentication` (docs/facts/host-api.md, "Messages"). */
function memberAuthentication({ store, site }: HostScreenOptions, incoming: Incoming, identifier: string) {
  const member = store.all('members').find((row) => row.identifier === identifier)
  if (member === undefined) throw notFound(`member ${identifier}`)
  return {
    site: `${incoming.url.origin}/`,
    companyid: site.companyId,
    memberid: member.identifier,
    memberHash: member.memberHash,
    memberContext: 'web',
    memberEmail: mailAddressOf(member),
  }
}

async function askPrism({ prismUrl }: HostScreenOptions, method: string, path: string): Promise<Reply> {
  if (prismUrl === null) throw notFound('PRISM')
  try {
    const response = await fetch(prismUrl + path, { method, body: method === 'POST' ? '{}' : null })
    return text(await response.text(), 'application/json; charset=utf-8', response.status)
  } catch {
    return json({ message: `PRISM does not answer at ${prismUrl}.` }, 502)
  }
}

const publicFolder = join(import.meta.dirname, 'public')
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

async function publicFile(name: string): Promise<Reply> {
  const contentType = contentTypes[extname(name)]
  if (contentType === undefined || name.includes('..'))
    throw new ReplyError(json({ message: 'Not found' }, 404))
  try {
    const body = await readFile(join(publicFolder, name))
    return { status: 200, headers: { 'content-type': contentType, 'cache-control': 'no-cache' }, body }
  } catch {
    throw new ReplyError(json({ message: 'Not found' }, 404))
  }
}

function found(store: Store, collection: Resource['collection'], id: number): Row {
  const row = store.get(collection, id)
  if (row === undefined) throw notFound(`${tableOf(collection).name} ${id}`)
  return row
}
