/** What the search box finds (J15): at most so many of each kind, the best first, each with the page of ours that shows it. */
import type { Found, FoundGroup, Hit, SearchKind } from '#app/api/schemas/search.ts'
import { server } from '#app/process/process.ts'
import { helpPath } from '#app/ui/kit/help-path.ts'
import { foundAgreements, foundCompanies } from '#db/mappings/search.ts'
import {
  type FoundInvoice,
  foundInvoices,
  foundProducts,
  foundSubscriptions,
  foundTenants,
} from '#db/prism/search.ts'
import { type FoundRun, foundRuns } from '#db/runs/search.ts'
import { isTooShort, type Sought, soughtOf } from '#db/sought.ts'
import { type Action, mayDo, type Principal } from '#lib/auth/actions.ts'
import { monthName } from '#lib/billing/format.ts'
import { invoiceOfUsage } from '#lib/billing/invoice-month.ts'
import type { Period } from '#lib/billing/types.ts'
import { helpOfMessage, searchHelp } from '#lib/help/help-pages.ts'
import { programs } from '#lib/programs/registry.ts'
import { today } from './mapping.ts'
import { bestFirst, hasWords, monthsNamed } from './search-words.ts'
import { pagesOf } from './site-pages.ts'

/** Of each kind. */
const MOST = 8

/** Who asks, of which program, what. */
interface Asked {
  readonly organisationId: string
  readonly program: string
  readonly sought: Sought
  readonly months: readonly Period[]
}

type Source = (asked: Asked) => Promise<readonly Hit[]>

const hit = (title: string, details: readonly string[], href: string, at: string | null = null): Hit => ({
  title,
  detail: details.filter((detail) => detail !== '').join(' · '),
  at,
  href,
})
const customerPath = (program: string, tenantId: string): string =>
  `/programs/${program}/customers/${encodeURIComponent(tenantId)}`

/** One more than is shown, which tells that there are more. */
const asking = ({ organisationId, program, sought }: Asked) =>
  [server().db, organisationId, program, sought, MOST + 1] as const

const customers: Source = async (asked) =>
  (await foundTenants(...asking(asked))).map(({ id, name, domain, current }) =>
    hit(name, [domain, current ? '' : 'not listed by PRISM any more'], customerPath(asked.program, id)),
  )

const companies: Source = async (asked) =>
  (await foundCompanies(...asking(asked))).map(({ id, name, tenantId, customers: count }) =>
    hit(
      name,
      [`company ${id}`, count === 1 ? '' : `${count} customers`],
      count === 1
        ? customerPath(asked.program, tenantId)
        : `/programs/${asked.program}/customers?${new URLSearchParams({ search: name })}`,
    ),
  )

const KINDS = { monthly: '', 'one-time': 'One-Time', former: 'left' } as const

const agreements: Source = async (asked) =>
  (await foundAgreements(...asking(asked))).map(({ id, name, company, tenantId, customer, kind }) =>
    hit(
      name,
      [company, `agreement ${id}`, customer === company ? '' : customer, KINDS[kind]],
      `${customerPath(asked.program, tenantId)}/mapping`,
    ),
  )

const subscriptions: Source = async (asked) =>
  (await foundSubscriptions(...asking(asked))).map(({ id, name, tenantId, customer, current }) =>
    hit(
      name,
      [customer, id, current ? '' : 'not listed by PRISM any more'],
      customerPath(asked.program, tenantId),
    ),
  )

const products: Source = async (asked) =>
  (await foundProducts(...asking(asked))).map(({ sku, name, current }) =>
    hit(
      name,
      [sku, current ? '' : 'not on the price list any more'],
      `/programs/${asked.program}/products?${new URLSearchParams({ search: sku })}`,
    ),
  )

const invoicesFound = ({ organisationId, program, sought, months }: Asked) =>
  foundInvoices(server().db, organisationId, program, { text: sought.text, months }, MOST + 1)

const STATES: Readonly<Partial<Record<FoundInvoice['state'], string>>> = {
  held: 'waits',
  refused: 'cannot be read',
  unread: 'cannot be read',
  ignored: 'ignored',
  excluded: 'excluded',
  superseded: 'replaced',
}

const invoices: Source = async (asked) =>
  (await invoicesFound(asked)).map(({ id, period, kind, state }) =>
    hit(
      `Invoice ${id}`,
      [id, kind === 'annual' ? 'annual terms' : invoiceOfUsage(period), STATES[state] ?? ''],
      `/programs/${asked.program}/invoices#${encodeURIComponent(`invoice-${id}`)}`,
    ),
  )

const months: Source = async (asked) =>
  asked.months.length === 0
    ? []
    : (await invoicesFound(asked))
        .filter(({ state, period }) => state === 'ready' && asked.months.includes(period))
        .map(({ period }) =>
          hit(
            monthName(period),
            ['equation, customers, closing'],
            `/programs/${asked.program}/months/${period}`,
          ),
        )

const TRIGGERS = { schedule: 'scheduled', hand: 'by hand', pod: 'from a pod', api: 'by the API' } as const

function runTitle({ kind, firstPeriod, lastPeriod }: FoundRun): string {
  if (kind === 'products') return 'Sync of products'
  if (firstPeriod === null || lastPeriod === null) return 'Sync of customers'
  const until = firstPeriod === lastPeriod ? '' : ` – ${monthName(lastPeriod)}`
  return `Sync of customers, ${monthName(firstPeriod)}${until}`
}

const runs: Source = async ({ organisationId, program, sought, months: named }) =>
  (await foundRuns(server().db, organisationId, program, { text: sought.text, months: named }, MOST + 1)).map(
    (run) =>
      hit(
        runTitle(run),
        [
          run.status ?? 'running',
          run.trigger === 'schedule' ? TRIGGERS.schedule : `${TRIGGERS[run.trigger]}, ${run.actor}`,
        ],
        `/runs/${run.id}`,
        run.createdAt,
      ),
  )

const sources: readonly (readonly [SearchKind, Action, Source])[] = [
  ['customers', 'customers.read', customers],
  ['companies', 'customers.read', companies],
  ['agreements', 'customers.read', agreements],
  ['subscriptions', 'customers.read', subscriptions],
  ['products', 'products.read', products],
  ['months', 'invoices.read', months],
  ['invoices', 'invoices.read', invoices],
  ['runs', 'runs.read', runs],
]

function messages(text: string): Hit[] {
  const itself = helpOfMessage(text)
  const pages = itself === null ? searchHelp(text) : [itself]
  return pages.map(({ title, code }) => hit(title, ['what it means and what to do'], helpPath(code)))
}

const pages = (principal: Principal, text: string): Hit[] =>
  pagesOf(principal)
    .filter((page) => hasWords(`${page.text} ${page.also}`, text))
    .map((page) => hit(page.text, [], page.href))

const groupOf = (kind: SearchKind, hits: readonly Hit[]): FoundGroup[] =>
  hits.length === 0 ? [] : [{ kind, hits: hits.slice(0, MOST), more: hits.length > MOST }]

async function ofProgram(principal: Principal, asked: Asked): Promise<FoundGroup[]> {
  const may = sources.filter(([, action]) => mayDo(principal.role, action, principal.via))
  const found = await Promise.all(may.map(async ([kind, , source]) => groupOf(kind, await source(asked))))
  return found.flat()
}

/** One group a kind, whatever the program. */
const merged = (groups: readonly FoundGroup[]): FoundGroup[] =>
  [...new Set(groups.map(({ kind }) => kind))].map((kind) => {
    const same = groups.filter((group) => group.kind === kind)
    const hits = same.flatMap((group) => group.hits)
    return { kind, hits: hits.slice(0, MOST), more: hits.length > MOST || same.some(({ more }) => more) }
  })

/** @param given as it was typed; of one letter only pages are looked for */
export async function searched(principal: Principal, given: string): Promise<Found> {
  const sought = soughtOf(given)
  const { text } = sought
  if (text === '') return { q: text, groups: [] }
  const { organisationId } = principal
  const named = monthsNamed(text, Number(today().slice(0, 4)))
  const stored = isTooShort(sought)
    ? []
    : await Promise.all(
        programs.map(({ slug }) =>
          ofProgram(principal, { organisationId, program: slug, sought, months: named }),
        ),
      )
  const groups = [
    ...merged(stored.flat()),
    ...(isTooShort(sought) ? [] : groupOf('messages', messages(text))),
    ...groupOf('pages', pages(principal, text)),
  ]
  return { q: text, groups: bestFirst(text, groups) }
}
