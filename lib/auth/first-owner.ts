/** The one-time link that makes the first organisation and its owner, where the environment names none. */
import type { Database } from '#db/client.ts'
import { createFirstOwner, isFirstOwnerLink, putFirstOwnerLink } from '#db/directory/first-owner.ts'
import { organisationIds } from '#db/directory/organisations.ts'
import type { User } from '#db/people/people.ts'
import { ProductError } from '#lib/base/errors.ts'
import { type Caller, tryAs } from './limits.ts'
import { requireStrong } from './password-strength.ts'
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
