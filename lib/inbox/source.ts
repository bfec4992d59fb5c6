/** Where items come from: each source knows its kinds, their groups, and the items of a group. */
import type { Database } from '#db/client.ts'
import { oneTimeAgreementsAmong } from '#db/mappings/one-time.ts'
import { placesOf } from '#db/mappings/places.ts'
import { tenantsByIds } from '#db/prism/tenants.ts'
import { decimal } from '#lib/billing/decimal.ts'
import { LARGE } from '#lib/billing/large.ts'
import type { Money, Period } from '#lib/billing/types.ts'
import {
  type InboxGroup,
  type InboxItem,
  type InboxKind,
  type InboxMoney,
  type InboxSubject,
  type ItemAction,
} from './item.ts'
import { words } from './sentences.ts'

export interface InboxContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
}

export interface InboxFilter {
  /** `null`: of all agreements, and of none. */
  readonly agreementIds: readonly number[] | null
}

export interface PartOf {
  /** How many of the items, after how many. */
  readonly limit: number
  readonly offset: number
}

/** A group but for its items. */
export type GroupFound = Omit<InboxGroup, 'items'>

export interface Source {
  readonly kinds: readonly InboxKind[]
  readonly groups: (ctx: InboxContext, filter: InboxFilter) => Promise<GroupFound[]>
  /** Of the causes, in their order; of each as many as `part` says. */
  readonly items: (
    ctx: InboxContext,
    filter: InboxFilter,
    causes: readonly string[],
    part: PartOf,
  ) => Promise<InboxItem[]>
}

interface Facts {
  readonly kind: InboxKind
  readonly cause: string
  readonly count: number
  readonly customers: number
  readonly amount: Money | null
  readonly since: Date
  readonly remedy: string
  readonly actions?: readonly ItemAction[]
  readonly product?: string
  readonly period?: Period | null
  /** Where the kind does not tell it. */
  readonly isMonthly?: boolean
}

const monthly: readonly InboxKind[] = [
  'unknown-addition',
  'ambiguous-additions',
  'left-over',
  'left-behind',
  'guard',
  'below-cost',
  'below-margin',
]
/** A person has decided them already. */
export const decided: readonly InboxKind[] = ['skipped', 'left-behind']

export const moneyOf = (
  kind: InboxKind,
  amount: Money | null,
  isMonthly = monthly.includes(kind),
): InboxMoney | null => (amount === null ? null : { amount, per: isMonthly ? 'month' : 'once' })

export const isLarge = (money: InboxMoney | null, customers: number): boolean =>
  customers > LARGE.customers || (money !== null && decimal(LARGE.amount).lt(decimal(money.amount)))

export function groupOf({ program }: InboxContext, facts: Facts): GroupFound {
  const { kind, cause, count, customers, amount, since, remedy, actions = [], product = '' } = facts
  const money = moneyOf(kind, amount, facts.isMonthly)
  return {
    kind,
    cause,
    program,
    says: words[kind].says({ cause, count, customers, product, period: facts.period ?? null }),
    ifNothing: words[kind].ifNothing,
    remedy,
    count,
    customers,
    money,
    since,
    isDecided: decided.includes(kind),
    isLarge: isLarge(money, customers),
    actions,
  }
}

export const nobody: InboxSubject = {
  tenant: null,
  company: null,
  agreement: null,
  subscription: null,
  additionId: null,
  invoiceId: null,
  person: null,
  named: null,
}

export interface Subject {
  readonly of: InboxSubject
  /** A customer by whom the agreement can be synced; `''`: none. */
  readonly syncsBy: string
  /** Its agreement is a One-Time agreement, which is synced by itself (J9). */
  readonly isOneTime: boolean
}

/** Names of customers and agreements, read once for many items. */
export async function subjectsOf(
  { db, organisationId, program }: InboxContext,
  all: readonly { readonly tenantId: string; readonly agreementId: number }[],
): Promise<(of: { readonly tenantId: string; readonly agreementId: number }) => Subject> {
  const tenantIds = [...new Set(all.map(({ tenantId }) => tenantId).filter(Boolean))]
  const agreementIds = [...new Set(all.map(({ agreementId }) => agreementId))]
  const [tenants, places, oneTime] = await Promise.all([
    tenantsByIds(db, organisationId, program, tenantIds),
    placesOf(db, organisationId, program, agreementIds),
    oneTimeAgreementsAmong(db, organisationId, program, agreementIds),
  ])
  const names = new Map(tenants.map(({ id, name }) => [id, name]))
  const byAgreement = new Map(places.map((place) => [place.agreementId, place]))
  return ({ tenantId, agreementId }) => {
    const place = byAgreement.get(agreementId)
    return {
      of: {
        ...nobody,
        tenant: tenantId === '' ? null : { id: tenantId, name: names.get(tenantId) ?? tenantId },
        company: place === undefined ? null : { id: place.companyId, name: place.companyName },
        agreement: { id: agreementId, name: place?.agreementName || `Agreement ${agreementId}` },
      },
      syncsBy: tenantId || (place?.tenantId ?? ''),
      isOneTime: oneTime.has(agreementId),
    }
  }
}

/** A source of few items, which are all found to tell its groups; what more is read for them is read only where they are shown. */
export const smallSource = (
  kinds: readonly InboxKind[],
  read: (
    ctx: InboxContext,
    filter: InboxFilter,
  ) => Promise<
    readonly {
      readonly group: GroupFound
      readonly items: () => readonly InboxItem[] | Promise<readonly InboxItem[]>
    }[]
  >,
): Source => ({
  kinds,
  async groups(ctx, filter) {
    return (await read(ctx, filter)).map(({ group }) => group)
  },
  async items(ctx, filter, causes, { limit, offset }) {
    const all = await read(ctx, filter)
    const found = await Promise.all(
      causes.map(async (cause) => (await all.find(({ group }) => group.cause === cause)?.items()) ?? []),
    )
    return found.flatMap((items) => items.slice(offset, offset + limit))
  },
})
