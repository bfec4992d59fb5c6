/** Connecting PRISM and ConnectWise: credentials are tried before they are kept (B3). */
import type { Database } from '#db/client.ts'
import { forgetCompanyReadings } from '#db/connections/company-readings.ts'
import {
  type ConnectionKind,
  connection,
  deleteConnection,
  noteConnectionCheck,
  putConnection,
} from '#db/connections/connections.ts'
import { forgetPreflights } from '#db/connections/preflights.ts'
import { forgetScan } from '#db/connections/scans.ts'
import {
  claimConnectWiseCompany,
  notePrismPartner,
  releaseConnectWiseCompanies,
  releaseOtherConnectWiseCompanies,
} from '#db/directory/organisations.ts'
import { audit } from '#db/people/audit.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { Sealer, Secret } from '#lib/base/secrets.ts'
import { apiOrigin, type Codebase } from '#lib/connectwise/site.ts'
import { inWords } from './connection-trouble.ts'
import { checkCurrency } from './currency-change.ts'
import type { ConnectWiseSettings, PrismSettings } from './stored-connections.ts'

export interface ConnectContext {
  readonly db: Database
  readonly sealer: Sealer
  readonly organisationId: string
  readonly actor: string
}

export interface PrismCredentials {
  readonly clientId: string
  readonly clientSecret: Secret
  readonly currency: string
}

export interface PrismAccount {
  /** `''` where PRISM gives none. */
  readonly name: string
  /** PRISM's id of the partner; `null` where PRISM gives none. */
  readonly partnerId: string | null
}

interface Trial {
  /** Rejects where the credentials are not good; gives the account they belong to. */
  tryPrism(credentials: PrismCredentials): Promise<PrismAccount>
}

/** Tries PRISM's credentials and keeps them. Throws what the trial threw, and `currency-change-asks`; nothing is kept then. */
export async function connectPrism({
  ctx,
  input,
}: {
  ctx: ConnectContext & Trial
  input: PrismCredentials & {
    /** That another currency is meant, where customers are billed in the one of now. */
    readonly isConfirmed: boolean
  }
}): Promise<void> {
  await checkCurrency(ctx.db, ctx.organisationId, input)
  const { name: accountName, partnerId } = await ctx.tryPrism(input)
  const settings: PrismSettings = { clientId: input.clientId, currency: input.currency, accountName }
  await ctx.db.transaction(async (tx) => {
    await keep({ ...ctx, db: tx }, 'prism', settings, input.clientSecret, input.clientId)
    // From now on the partner's people who sign in with PRISM ask to join this organisation (B6).
    if (partnerId !== null) await notePrismPartner(tx, ctx.organisationId, partnerId)
  })
}

export interface ConnectWiseCredentials {
  readonly site: string
  readonly companyId: string
  readonly publicKey: string
  readonly privateKey: Secret
  readonly clientId: string | null
}

interface ConnectWiseTrial {
  discover(input: ConnectWiseCredentials): Promise<Codebase>
  /** Rejects where the credentials are not good. */
  tryConnectWise(settings: ConnectWiseSettings, privateKey: Secret): Promise<void>
}

/**
 * Finds the codebase, tries the keys and keeps them. A ConnectWise company belongs to one organisation: throws `conflict`
 * where it is another's.
 */
export async function connectConnectWise({
  ctx,
  input,
}: {
  ctx: ConnectContext & ConnectWiseTrial
  input: ConnectWiseCredentials
}): Promise<void> {
  const { codebase, companyName } = await tried(ctx.discover(input))
  const { site, companyId, publicKey, clientId } = input
  const settings: ConnectWiseSettings = { site, companyId, publicKey, clientId, codebase, companyName }
  await tried(ctx.tryConnectWise(settings, input.privateKey))
  const address = { site: new URL(apiOrigin(site)).host, companyId }
  await ctx.db.transaction(async (tx) => {
    // The claim comes first, so that one that fails leaves the company that is connected now to nobody else.
    if (!(await claimConnectWiseCompany(tx, ctx.organisationId, address)))
      throw new ProductError(
        'conflict',
        `The ConnectWise company '${companyId}' at ${site} is connected to another organisation.`,
      )
    await releaseOtherConnectWiseCompanies(tx, ctx.organisationId, address)
    await keep({ ...ctx, db: tx }, 'connectwise', settings, input.privateKey, `${companyId} at ${site}`)
  })
}

const tried = <T>(attempt: Promise<T>): Promise<T> =>
  attempt.catch((error: unknown) => {
    throw inWords(error)
  })

/** What was found in the ConnectWise that was connected before. */
async function forgetFound(db: Database, organisationId: string): Promise<void> {
  await forgetPreflights(db, organisationId)
  await forgetCompanyReadings(db, organisationId)
  await forgetScan(db, organisationId)
}

/** Stores the connection with its audit row; `ctx.db` is the caller's transaction. */
async function keep(
  ctx: ConnectContext,
  kind: ConnectionKind,
  settings: PrismSettings | ConnectWiseSettings,
  secret: Secret,
  subject: string,
): Promise<void> {
  const { organisationId, actor } = ctx
  const sealed = ctx.sealer.seal(secret, { organisationId, kind })
  const sealKeyId = ctx.sealer.keyId
  const before = await connection(ctx.db, organisationId, kind)
  await putConnection(ctx.db, organisationId, { kind, settings: { ...settings }, sealed, sealKeyId })
  if (kind === 'connectwise') await forgetFound(ctx.db, organisationId)
  const detail = { before: before?.settings ?? null, after: settings }
  await audit(ctx.db, organisationId, { actor, action: `connect-${kind}`, subject, detail })
}

/** Looks whether a kept connection still works, and notes what came of it. Gives the error in words, `null` where it works. */
export async function testConnection({
  ctx,
  input,
}: {
  ctx: ConnectContext
  input: { readonly kind: ConnectionKind; readonly attempt: () => Promise<unknown> }
}): Promise<string | null> {
  const error = await input.attempt().then(
    () => null,
    (cause: unknown) => {
      const trouble = inWords(cause)
      if (trouble instanceof ProductError) return trouble.detail
      throw cause
    },
  )
  await noteConnectionCheck(ctx.db, ctx.organisationId, input.kind, error)
  return error
}

/** Forgets a connection and its secret. Mappings and results stay; nothing syncs until it is connected again. */
export async function disconnect({
  ctx,
  input,
}: {
  ctx: Omit<ConnectContext, 'sealer'>
  input: { readonly kind: ConnectionKind }
}): Promise<void> {
  const { organisationId, actor } = ctx
  await ctx.db.transaction(async (tx) => {
    const before = await connection(tx, organisationId, input.kind)
    await deleteConnection(tx, organisationId, input.kind)
    if (input.kind === 'connectwise') {
      await releaseConnectWiseCompanies(tx, organisationId)
      await forgetFound(tx, organisationId)
    }
    const detail = { before: before?.settings ?? null, after: null }
    await audit(tx, organisationId, {
      actor,
      action: `disconnect-${input.kind}`,
      subject: input.kind,
      detail,
    })
  })
}
