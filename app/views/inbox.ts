/** The inbox as somebody sees it: what waits, with those of its answers that they may give (J1). */
import { cache } from 'react'
import type { Inbox, ShownAction, ShownGroup, ShownItem } from '#app/api/schemas/inbox.ts'
import type { Contract } from '#app/contracts/contract.ts'
import { contracts } from '#app/contracts/table.ts'
import { programOf } from '#app/http/api-route.ts'
import { currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { agreementsOfCompany } from '#db/mappings/places.ts'
import { readyInvoices } from '#db/prism/invoices.ts'
import { type Action, mayDo, type Principal } from '#lib/auth/actions.ts'
import { type InboxQuery, inboxOfCause, inboxPage, waitingGroups, waitingIn } from '#lib/inbox/inbox.ts'
import {
  type InboxGroup,
  type InboxItem,
  type InboxKind,
  type ItemAction,
  inboxKinds,
} from '#lib/inbox/item.ts'
import { nextInvoiceText } from '#lib/inbox/sentences.ts'
import { isLarge } from '#lib/inbox/source.ts'

interface Asked {
  readonly program: string
  readonly agreementId?: number | undefined
  readonly kind?: InboxKind | undefined
  readonly cause?: string | undefined
  readonly page: number
}

/** Throws `not-found` where there is no such program. */
export async function shownInbox(
  principal: Principal,
  { program: slug, agreementId, kind, cause, page }: Asked,
): Promise<Inbox> {
  const { organisationId } = principal
  const { db } = server()
  const program = programOf(slug).slug
  const ctx = { db, organisationId, program }
  const query: InboxQuery = {
    agreementIds: await agreementsFor(principal, program, agreementId),
    kind: kind ?? null,
    without: notFor(principal),
  }
  const [currency, ready, found] = await Promise.all([
    currencyOf(organisationId),
    readyInvoices(db, organisationId, program),
    cause !== undefined
      ? inboxOfCause(ctx, query, cause, page)
      : query.agreementIds === null && query.kind === null
        ? inboxPage(ctx, query, page, allThatWaits(principal, program))
        : inboxPage(ctx, query, page),
  ])
  return {
    ...found,
    groups: found.groups.map((group) => shownGroup(principal, group)),
    page,
    currency,
    next: nextInvoiceText(ready.at(-1)?.period ?? null),
  }
}

/** How many items wait for this person, in the program that is set up. */
export const waitingFor = async (principal: Principal, program: string): Promise<number> =>
  waitingIn(await allThatWaits(principal, program))

const allThatWaits = (principal: Principal, program: string) =>
  readOnce(principal.organisationId, program, notFor(principal).join())

/** Once for a page and the menu beside it. @param kinds that are not for who asks, with commas */
const readOnce = cache((organisationId: string, program: string, kinds: string) =>
  waitingGroups(
    { db: server().db, organisationId, program },
    {
      agreementIds: null,
      kind: null,
      without: inboxKinds.filter((kind) => kinds.split(',').includes(kind)),
    },
  ),
)

/** `null`: of all. A member of ConnectWise sees what is of the record that the screen shows. */
async function agreementsFor(
  { organisationId, pod }: Principal,
  program: string,
  agreementId: number | undefined,
): Promise<readonly number[] | null> {
  if (agreementId !== undefined) return [agreementId]
  if (pod === null) return null
  if (pod.record === null) return []
  return pod.record.type === 'agreement'
    ? [pod.record.id]
    : agreementsOfCompany(server().db, organisationId, program, pod.record.id)
}

/** Who asks to be let in is the owner's matter; lines name other customers; what is lost tells what it costs. */
const notFor = ({ role, pod }: Principal): InboxKind[] => [
  ...(mayDo(role, 'cost.read') ? [] : (['below-cost', 'below-margin'] as const)),
  ...(mayDo(role, 'people.write') ? [] : (['wants-in'] as const)),
  ...(pod === null ? [] : (['contested', 'unclaimed'] as const)),
]

const shownGroup = (principal: Principal, { since, actions, items, ...group }: InboxGroup): ShownGroup => ({
  ...group,
  since: since.toISOString(),
  actions: allowed(principal, actions),
  items: items.map((item) => shownItem(principal, item)),
})

const shownItem = (principal: Principal, { since, actions, compared, ...item }: InboxItem): ShownItem => ({
  ...item,
  since: since.toISOString(),
  isLarge: isLarge(item.money, 1),
  actions: allowed(principal, actions),
  compared:
    compared === null
      ? null
      : {
          ...compared,
          differences: [...compared.differences],
          held: { ...compared.held, detectedAt: compared.held.detectedAt.toISOString() },
          other: { ...compared.other, detectedAt: compared.other.detectedAt.toISOString() },
        },
})

const allowed = (principal: Principal, actions: readonly ItemAction[]): ShownAction[] =>
  actions.filter((action) => may(principal, action)).map((action) => ({ ...action }))

const rows = new Map<string, Contract>(Object.entries(contracts))

/** As the contract of what it calls says. */
function may({ role, via, pod }: Principal, { endpoint }: ItemAction): boolean {
  const contract = rows.get(endpoint)
  if (contract === undefined) throw new Error(`${endpoint} is in no contract`)
  return mayDo(role, contract.access as Action, via) && (pod === null || contract.onScreen !== undefined)
}
