/** API tokens of an organisation: made, listed, revoked. */
import { type ApiToken, createApiToken, revokeApiToken, workingApiTokens } from '#db/people/api-tokens.ts'
import { audit } from '#db/people/audit.ts'
import { lockActiveOwners } from '#db/people/people.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { PersonRole } from './actions.ts'
import type { PeopleContext } from './people.ts'
import { hashOfToken, newToken } from './tokens.ts'

/** Tokens that work at the same time in one organisation. */
export const MOST_API_TOKENS = 50
const DAY_MS = 24 * 60 * 60 * 1000

export interface NewApiToken {
  readonly name: string
  readonly role: PersonRole
  /** How long it works. */
  readonly days: number
}

/** The token itself is given this once; only its hash is stored. Throws `conflict` where there are enough. */
export async function makeApiToken({
  ctx,
  input: { name, role, days },
}: {
  ctx: PeopleContext
  input: NewApiToken
}): Promise<{ stored: ApiToken; token: string }> {
  const { db, organisationId, actor } = ctx
  const token = newToken('api', organisationId)
  const expiresAt = new Date(Date.now() + days * DAY_MS)
  const stored = await db.transaction(async (tx) => {
    // Also makes several at once count right.
    const owners = await lockActiveOwners(tx, organisationId)
    if (!owners.some(({ email }) => email === actor))
      throw new ProductError('not-allowed', `${actor} is no owner any more.`)
    if ((await workingApiTokens(tx, organisationId)) >= MOST_API_TOKENS)
      throw new ProductError('conflict', `There are ${MOST_API_TOKENS} API tokens; revoke one first.`)
    const made = await createApiToken(tx, organisationId, {
      name,
      role,
      expiresAt,
      tokenHash: hashOfToken(token),
      createdBy: actor,
    })
    await audit(tx, organisationId, {
      actor,
      action: 'make-token',
      subject: name,
      detail: { after: { role, expiresAt: expiresAt.toISOString() } },
    })
    return made
  })
  return { stored, token }
}

/** Throws `not-found`. */
export async function revokeToken({
  ctx,
  input,
}: {
  ctx: PeopleContext
  input: { readonly id: string }
}): Promise<void> {
  const { db, organisationId, actor } = ctx
  await db.transaction(async (tx) => {
    const revoked = await revokeApiToken(tx, organisationId, input.id)
    if (revoked === null) throw new ProductError('not-found', 'There is no such API token.')
    await audit(tx, organisationId, { actor, action: 'revoke-token', subject: revoked.name })
  })
}
