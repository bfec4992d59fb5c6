/** Whether ConnectWise is prepared for the sync (A1-A4, A6), as it was found. Mending it is `preflight-fix.ts`; A5 is in `agreement-rules.ts`. */
import type { Database } from '#db/client.ts'
import { type Preflight, preflight, putPreflight } from '#db/connections/preflights.ts'
import { takeLease } from '#db/ledger/leases.ts'
import type { PreflightCheck, PreflightCheckId } from '#db/values.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { CatalogDefaults } from '#lib/billing/types.ts'
import { contactsArea, permissions } from '#lib/connectwise/permissions.ts'
import type { ConnectWiseClient, PermissionCheck, SetupKind, SetupRecords } from '#lib/connectwise/values.ts'

export interface PreflightContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  /** The default names of new products' records (A4). */
  readonly names: Pick<CatalogDefaults, SetupKind>
  readonly connectWise: Pick<
    ConnectWiseClient,
    | 'setupRecords'
    | 'createSetupRecord'
    | 'activateSetupRecord'
    | 'inactiveMiscItems'
    | 'activateCatalogItem'
    | 'permissions'
  >
}

/** A result is as good as a new one for this long: it runs before each sync. */
const FRESH_MS = 10 * 60_000

/** Looks now, and stores what was found. Throws what ConnectWise's client throws where it cannot be reached. */
export async function runPreflight({ ctx }: { ctx: PreflightContext }): Promise<Preflight> {
  const { db, organisationId, program, names, connectWise } = ctx
  const [misc, records, granted] = await Promise.all([
    orUnknown(() => connectWise.inactiveMiscItems()),
    orUnknown(() => connectWise.setupRecords(names)),
    connectWise.permissions(),
  ])
  const checks = [
    miscCheck(misc),
    ...recordChecks(records, names),
    permissionCheck(granted),
    deletingCheck(granted),
    contactsCheck(granted),
  ]
  return putPreflight(db, organisationId, program, checks)
}

/** The stored result where it is fresh, else a new one. */
export async function freshPreflight({ ctx }: { ctx: PreflightContext }): Promise<Preflight> {
  const stored = await preflight(ctx.db, ctx.organisationId, ctx.program)
  const isFresh = stored !== null && Date.now() - stored.checkedAt.getTime() < FRESH_MS
  return isFresh ? stored : runPreflight({ ctx })
}

/** Seconds. A look costs ConnectWise some thirty requests, writes that only try a right among them. */
const LOOK_AGAIN_AFTER = 10

/** Looks now, for a person. Throws `too-many-requests` where one looked a moment ago, and what `runPreflight` throws. */
export async function lookAgain({
  ctx,
}: {
  ctx: PreflightContext & { readonly actor: string }
}): Promise<Preflight> {
  const { db, organisationId, program, actor } = ctx
  const lease = { resource: `${program}/preflight-look`, token: crypto.randomUUID(), holder: actor }
  // Not given back: it runs out.
  if (!(await takeLease(db, organisationId, { ...lease, durationMs: LOOK_AGAIN_AFTER * 1000 })))
    throw new ProductError('too-many-requests', `It was looked at less than ${LOOK_AGAIN_AFTER} seconds ago.`)
  return runPreflight({ ctx })
}

/** What the role must allow, as a text to hand to whoever sets the role up. */
export const roleDescription = (): string =>
  permissions.map(({ area, levels, why }) => `${area}: ${levels.join(', ')} All (${why})`).join('\n')

/** `null` where ConnectWise refused to show it: the permissions' check says which right is missing. */
async function orUnknown<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof ProductError && error.code === 'connectwise-refused') return null
    throw error
  }
}

// ───────────────────────────── the checks ─────────────────────────────

type Misc = Awaited<ReturnType<ConnectWiseClient['inactiveMiscItems']>>

const notShown = {
  state: 'unknown',
  found: 'ConnectWise did not show it: the API member lacks the permission.',
  items: [],
  fix: null,
} as const

function miscCheck(listed: Misc | null): PreflightCheck {
  const about = {
    id: 'misc-items',
    title: 'Miscellaneous products',
    meaning: 'ConnectWise refers to its own miscellaneous products when records are created.',
    path: 'Procurement › Product Catalog › filter “misc”, include inactive',
  } as const
  if (listed === null) return { ...about, ...notShown }
  const { items: inactive, unreadable } = listed
  if (inactive.length === 0 && unreadable.length > 0)
    return {
      ...about,
      state: 'unknown',
      found: `${counted(unreadable.length, 'product')} cannot be read.`,
      items: unreadable.map(({ record, reason }) => `${record}: ${reason}`),
      fix: null,
    }
  if (inactive.length === 0) return { ...about, state: 'ok', found: 'All are active.', items: [], fix: null }
  const items = inactive.map(({ identifier }) => identifier)
  return {
    ...about,
    state: 'failed',
    found: `${counted(items.length, 'product')} whose Product ID contains “misc” ${items.length === 1 ? 'is' : 'are'} inactive.`,
    items,
    fix: `Activate ${items.length === 1 ? 'it' : 'them'}`,
  }
}

interface RecordKind {
  readonly id: Exclude<PreflightCheckId, 'misc-items' | 'permissions' | 'deleting' | 'contacts'>
  readonly kind: SetupKind
  readonly what: string
  readonly path: string
}

export const recordKinds: readonly RecordKind[] = [
  { id: 'category', kind: 'category', what: 'product category', path: table('Categories') },
  { id: 'subcategory', kind: 'subcategory', what: 'product sub-category', path: table('Subcategories') },
  { id: 'product-type', kind: 'productType', what: 'product type', path: table('Product Type') },
  { id: 'unit-of-measure', kind: 'unitOfMeasure', what: 'unit of measure', path: table('Unit of Measure') },
]

function table(name: string): string {
  return `System › Setup Tables › ${name}`
}

function recordChecks(records: SetupRecords | null, names: PreflightContext['names']): PreflightCheck[] {
  return recordKinds.map(({ id, kind, what, path }) => {
    const name = names[kind]
    const about = {
      id,
      path,
      title: `${what[0]?.toUpperCase()}${what.slice(1)} “${name}”`,
      meaning: 'Products that the sync creates in the catalog get it.',
    }
    if (records === null) return { ...about, ...notShown }
    const record = records[kind]
    const aside = records.unreadable[kind]
    if (aside !== undefined)
      return {
        ...about,
        state: 'unknown',
        found: 'It cannot be read.',
        items: [`${aside.record}: ${aside.reason}`],
        fix: null,
      }
    if (record !== null && !record.inactive)
      return { ...about, state: 'ok', found: 'It exists and is active.', items: [], fix: null }
    return {
      ...about,
      state: 'failed',
      found: record === null ? 'It does not exist.' : 'It is inactive.',
      items: [],
      fix: `${record === null ? 'Create' : 'Activate'} the ${what} “${name}”`,
    }
  })
}

function permissionCheck(checks: readonly PermissionCheck[]): PreflightCheck {
  const of = (state: PermissionCheck['state']) =>
    namesOf(checks, (each) => each.state === state && !each.isOptional)
  const [missing, unknown] = [of('missing'), of('unknown')]
  const about = {
    id: 'permissions',
    title: 'Permissions of the API member’s role',
    meaning: 'The sync reads and writes ConnectWise with this role.',
    fix: null,
    path: 'System › Security Roles › the API member’s role',
  } as const
  if (missing.length > 0)
    return {
      ...about,
      state: 'failed',
      found: `${counted(missing.length, 'permission')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
      items: missing,
    }
  if (unknown.length > 0)
    return {
      ...about,
      state: 'unknown',
      found: 'Some could not be checked: there is no agreement yet, or ConnectWise did not answer.',
      items: unknown,
    }
  return { ...about, state: 'ok', found: 'It allows all that is needed.', items: [] }
}

const namesOf = (checks: readonly PermissionCheck[], are: (check: PermissionCheck) => boolean): string[] =>
  checks.filter(are).map(({ area, level }) => `${area}: ${level}`)

/** Nothing waits for it: what cannot be deleted is cancelled before it begins. */
function deletingCheck(checks: readonly PermissionCheck[]): PreflightCheck {
  const items = namesOf(checks, ({ level, state }) => level === 'Delete' && state === 'missing')
  return {
    id: 'deleting',
    title: 'Deleting additions',
    state: 'ok',
    meaning: 'What was never billed, and is taken back, can go without a trace.',
    found:
      items.length === 0
        ? 'The role does not forbid it.'
        : 'The role does not allow it, so that such additions are cancelled on the day before they begin.',
    items,
    fix: null,
    path: 'System › Security Roles › the API member’s role',
  }
}

/** Nothing waits for it: suggestions go without. */
function contactsCheck(checks: readonly PermissionCheck[]): PreflightCheck {
  const items = namesOf(checks, ({ area, state }) => area === contactsArea && state === 'missing')
  return {
    id: 'contacts',
    title: 'Domains of contacts’ mail',
    state: 'ok',
    meaning: 'A customer’s company is suggested by the domain of its contacts’ mail, too.',
    found:
      items.length === 0
        ? 'The role does not forbid to read contacts.'
        : 'The role does not allow to read contacts, so that suggestions go without them.',
    items,
    fix: null,
    path: 'System › Security Roles › the API member’s role',
  }
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
