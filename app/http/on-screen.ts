/**
 * A ConnectWise member acts on the record that the screen shows, and on nothing else of the program: the session names that
 * record, and what a request names is looked at before its verb is.
 */
import type { OnScreen } from '#app/contracts/contract.ts'
import { connectWiseOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { formerMappingsOfAgreement } from '#db/mappings/former-mappings.ts'
import { type Mapping, mapping, mappingsOfAgreement } from '#db/mappings/mappings.ts'
import { oneTimeMappingsOfAgreement } from '#db/mappings/one-time.ts'
import { runItemsOf } from '#db/runs/runs.ts'
import type { Principal, ShownRecord } from '#lib/auth/actions.ts'
import { type Program, programs } from '#lib/programs/registry.ts'
import { refuse } from './api-route.ts'

/** The parts of a request that can name a record, as their schemas gave them. */
export interface Named {
  readonly path: {
    readonly id?: number | string
    readonly agreementId?: number
    readonly tenantId?: string
    readonly program?: Program
  }
  readonly query?: { readonly agreementId?: number } | undefined
  readonly body?:
    | {
        readonly agreementId?: number
        readonly agreementIds?: readonly number[] | undefined
        readonly companyId?: number
        readonly tenantIds?: readonly string[]
      }
    | undefined
}

/** Throws `not-allowed` where a member asks for what is not on the screen, the same whether there is such a record or not. */
export async function requireOnScreen(
  { organisationId, pod }: Principal,
  onScreen: OnScreen | undefined,
  named: Named,
): Promise<void> {
  if (pod === null) return
  const { record } = pod
  const isPage = onScreen === 'agreement-page' || onScreen === 'company-page'
  // The page's address names the one record that it shows.
  if (isPage && record === null) return
  if (onScreen === undefined)
    throw refuse(
      'not-allowed',
      'This is not for members of ConnectWise: they act on the record that a screen shows.',
    )
  if (record === null)
    throw refuse('not-allowed', 'The screen has not said yet who looks at what. Load it again.')
  if (await looks[onScreen]({ organisationId, record }, named)) return
  throw refuse(
    'not-allowed',
    `This pod is ${record.type} ${record.id}’s, and what was asked for belongs to another record. Open that one in ConnectWise.`,
  )
}

interface Screen {
  readonly organisationId: string
  readonly record: ShownRecord
}

const looks: Record<OnScreen, (screen: Screen, named: Named) => Promise<boolean>> = {
  'agreement-page': (screen, { path }) => holdsAgreement(screen, Number(path.id)),
  'company-page': (screen, { path }) => isCompany(screen, Number(path.id)),
  agreement: (screen, { path }) => holdsAgreement(screen, Number(path.agreementId)),
  company: (screen, { path }) => isCompany(screen, Number(path.id)),
  customer: (screen, named) => holdsCustomer(screen, String(named.path.tenantId), named),
  async customers(screen, named) {
    const { tenantIds } = named.body ?? {}
    // Left out it means all of the program.
    if (tenantIds === undefined) return false
    return areAll(tenantIds, (tenantId) => holdsCustomer(screen, tenantId, { path: named.path }))
  },
  async run(screen, { path, body }) {
    if (body?.agreementId !== undefined) return holdsAgreement(screen, body.agreementId)
    if (body?.agreementIds !== undefined) return areAll(body.agreementIds, (id) => holdsAgreement(screen, id))
    const items = await runItemsOf(server().db, screen.organisationId, String(path.id))
    return items.length > 0 && areAll(items, ({ agreementId }) => holdsAgreement(screen, agreementId))
  },
  shown: async (screen, { query }) =>
    query?.agreementId === undefined || holdsAgreement(screen, query.agreementId),
  any: async () => true,
}

const isCompany = async ({ record }: Screen, companyId: number): Promise<boolean> =>
  record.type === 'company' && record.id === companyId

async function holdsAgreement({ organisationId, record }: Screen, agreementId: number): Promise<boolean> {
  return record.type === 'agreement'
    ? record.id === agreementId
    : (await companyOf(organisationId, agreementId)) === record.id
}

/**
 * A customer that is mapped to what the screen shows. Where it is to be mapped there, it may also be nobody's yet, or another
 * agreement's of the same company: who looks at an agreement sees whose it is.
 */
async function holdsCustomer(
  screen: Screen,
  tenantId: string,
  { path, query, body }: Named,
): Promise<boolean> {
  const { organisationId, record } = screen
  const { program } = path
  if (program === undefined) return false
  const target = body?.agreementId ?? query?.agreementId
  const now = await mapping(server().db, organisationId, program.slug, tenantId)
  if (target === undefined) return now !== null && holdsMapping(screen, now)
  // That the agreement is that company's, mapping it looks at itself.
  const isHere =
    record.type === 'company' && body?.companyId !== undefined
      ? body.companyId === record.id
      : await holdsAgreement(screen, target)
  if (!isHere || now === null || holdsMapping(screen, now)) return isHere
  return record.type === 'agreement' && (await companyOf(organisationId, record.id)) === now.companyId
}

const holdsMapping = ({ record }: Screen, { agreementId, companyId }: Mapping): boolean =>
  record.id === (record.type === 'agreement' ? agreementId : companyId)

/** Whose an agreement is: as it was mapped, else as ConnectWise says. */
async function companyOf(organisationId: string, agreementId: number): Promise<number | null> {
  const { db } = server()
  for (const { slug } of programs) {
    const [monthly] = await mappingsOfAgreement(db, organisationId, slug, agreementId)
    const [oneTime] = await oneTimeMappingsOfAgreement(db, organisationId, slug, agreementId)
    const mapped = monthly ?? oneTime
    const [former] =
      mapped === undefined ? await formerMappingsOfAgreement(db, organisationId, slug, agreementId) : []
    const known = mapped ?? former
    if (known !== undefined) return known.companyId
  }
  const { client } = await connectWiseOf(organisationId)
  return (await client.agreement(agreementId))?.company.id ?? null
}

async function areAll<T>(values: readonly T[], test: (value: T) => Promise<boolean>): Promise<boolean> {
  for (const value of values) if (!(await test(value))) return false
  return true
}
