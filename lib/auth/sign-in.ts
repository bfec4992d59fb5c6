/** Signing in with e-mail and password. */
import type { Database } from '#db/client.ts'
import { createFirstOwner } from '#db/queries/first-owner.ts'
import { organisationIds } from '#db/queries/organisations.ts'
import { type User, usersOfLogin } from '#db/queries/people.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { Secret } from '#lib/base/secrets.ts'
import { hashPassword, isPassword } from './passwords.ts'

/** The person whose password it is. Throws `sign-in-refused`, saying neither which of the two was wrong nor who exists. */
export async function signIn({
  db,
  input,
}: {
  db: Database
  input: { readonly email: string; readonly password: string }
}): Promise<User> {
  const people = await usersOfLogin(db, 'email', input.email)
  // One check even for nobody, so that the time it takes does not tell who exists.
  const hashes = people.length === 0 ? [null] : people.map(({ passwordHash }) => passwordHash)
  for (const [index, hash] of hashes.entries()) {
    const person = people[index]
    if ((await isPassword(input.password, hash)) && person !== undefined) return person
  }
  throw new ProductError('sign-in-refused', 'The e-mail address or the password is not right.')
}

/** Creates the first organisation and its owner where there is none yet; safe when several processes begin at once. */
export async function ensureFirstOwner(
  db: Database,
  owner: { readonly email: string; readonly password: Secret } | null,
): Promise<void> {
  if (owner === null || (await organisationIds(db)).length > 0) return
  const { email, password } = owner
  const passwordHash = await hashPassword(password.reveal())
  await createFirstOwner(db, { organisationName: email.split('@')[1] ?? email, email, passwordHash })
}
