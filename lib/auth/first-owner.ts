/** The first organisation and its owner: as the environment names them, or by a one-time link. */
import type { Database } from '#db/client.ts'
import { createFirstOwner, isFirstOwnerLink, putFirstOwnerLink } from '#db/directory/first-owner.ts'
import { organisationIds } from '#db/directory/organisations.ts'
import type { User } from '#db/people/people.ts'
import { ProductError } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import type { Secret } from '#lib/base/secrets.ts'
import { type Caller, tryAs } from './limits.ts'
import { passwordProblem, requireStrong } from './password-strength.ts'
import { hashPassword } from './passwords.ts'
import { hashOfToken, newLinkToken } from './tokens.ts'

/** A new link, which ends the one before; `null` where there is an organisation already. */
export async function makeFirstOwnerLink(db: Database, appUrl: string): Promise<string | null> {
  if ((await organisationIds(db)).length > 0) return null
  const token = newLinkToken()
  await putFirstOwnerLink(db, hashOfToken(token))
  // After the #: it reaches no server log on its way.
  return `${appUrl}/welcome#${token}`
}

export interface FirstOwnerInput {
  readonly token: string
  readonly organisation: string
  readonly email: string
  readonly name: string
  readonly password: string
}

/** Throws `link-invalid`, `too-many-requests`, and `request-invalid` for a password of those that are tried first. */
export async function useFirstOwnerLink({
  db,
  caller,
  input,
}: {
  db: Database
  caller: Caller
  input: FirstOwnerInput
}): Promise<User> {
  const { token, organisation, password, ...person } = input
  return tryAs({ db, caller, kind: 'password' }, async () => {
    if (!(await isFirstOwnerLink(db, hashOfToken(token)))) throw invalid()
    requireStrong(password, { email: input.email, names: [input.name, organisation] })
    const passwordHash = await hashPassword(password)
    const owner = await createFirstOwner(db, { ...person, organisationName: organisation, passwordHash })
    if (owner === null) throw invalid()
    return owner
  })
}

const invalid = (): ProductError =>
  new ProductError('link-invalid', 'This link was used already, or a newer one has replaced it.')

/** As `OWNER_EMAIL` and `OWNER_PASSWORD` name them. */
interface NamedOwner {
  readonly email: string
  readonly password: Secret
}

/**
 * Throws `environment-invalid` where `OWNER_PASSWORD` would be given to the first owner, and is among those that are tried first. Once
 * there is an organisation nothing reads it.
 */
export async function requireStrongOwner(db: Database, owner: NamedOwner | null): Promise<void> {
  if (owner === null || (await organisationIds(db)).length > 0) return
  const problem = passwordProblem(owner.password.reveal(), { email: owner.email })
  if (problem !== null)
    throw new ProductError(
      'environment-invalid',
      `OWNER_PASSWORD cannot be the first owner’s password. ${problem} Or leave OWNER_EMAIL and OWNER_PASSWORD empty: a link is printed then.`,
    )
}

/**
 * Creates the first organisation and its owner where there is none yet; safe when several processes begin at once. A password that is
 * refused makes nobody: whoever signs in meanwhile hears no more of it than a stranger.
 */
export async function ensureFirstOwner(db: Database, owner: NamedOwner | null): Promise<void> {
  if (owner === null || (await organisationIds(db)).length > 0) return
  const { email, password } = owner
  const problem = passwordProblem(password.reveal(), { email })
  if (problem !== null) {
    log.error('first-owner-refused', { reason: `OWNER_PASSWORD: ${problem}` })
    return
  }
  const passwordHash = await hashPassword(password.reveal())
  await createFirstOwner(db, { organisationName: email.split('@')[1] ?? email, email, passwordHash })
}
