/** API tokens of an organisation: made, listed, revoked. */
import { type ApiToken, createApiToken, revokeApiToken } from '#db/queries/api-tokens.ts'
import { audit } from '#db/queries/audit.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { PersonRole } from './actions.ts'
import type { PeopleContext } from './people.ts'
import { hashOfToken, newToken } from './tokens.ts'

/** The token itself is given this once; only its hash is stored. */
export async function makeApiToken({
  ctx,
  input,
}: {
  ctx: PeopleContext
  input: { readonly name: string; readonly role: PersonRole }
}): Promise<{ stored: ApiToken; token: string }> {
  const { db, organisationId, actor } = ctx
  const token = newToken('api', organisationId)
  const stored = await db.transaction(async (tx) => {
    const made = await createApiToken(tx, organisationId, {
      ...input,
      tokenHash: hashOfToken(token),
      createdBy: actor,
    })
    await audit(tx, organisationId, {
      actor,
      action: 'make-token',
      subject: input.name,
      detail: { after: { role: input.role } },
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
