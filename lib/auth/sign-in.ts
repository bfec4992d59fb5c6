/** Signing in with e-mail and password. */
import { createHash } from 'node:crypto'
import type { Database } from '#db/client.ts'
import { createFirstOwner } from '#db/queries/first-owner.ts'
import { organisationIds } from '#db/queries/organisations.ts'
import { peopleOfLogin, type User } from '#db/queries/people.ts'
import { forgetSignInTries, takeSignInTry } from '#db/queries/sign-in-tries.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { Secret } from '#lib/base/secrets.ts'
import { hashPassword, isPassword } from './passwords.ts'

export interface SignInInput {
  readonly email: string
  readonly password: string
}

/**
 * The person whose password it is. Throws `sign-in-refused`, saying neither which of the two was wrong nor who exists, and
 * `too-many-requests` after repeated failures, whether the address is anybody's or not.
 */
export async function signIn({ db, input }: { db: Database; input: SignInInput }): Promise<User> {
  const address = createHash('sha256').update(input.email.toLowerCase()).digest('hex')
  if (!(await takeSignInTry(db, address))) {
    throw new ProductError(
      'too-many-requests',
      'The sign-in with this e-mail address failed too often. It is locked for some minutes.',
    )
  }
  const person = await personOf(db, input)
  if (person === null)
    throw new ProductError('sign-in-refused', 'The e-mail address or the password is not right.')
  await forgetSignInTries(db, address)
  return person
}

async function personOf(db: Database, { email, password }: SignInInput): Promise<User | null> {
  const people = (await peopleOfLogin(db, 'email', email)).filter(maySignIn)
  // One check even for nobody, so that the time it takes does not tell who exists.
  const hashes = people.length === 0 ? [null] : people.map(({ passwordHash }) => passwordHash)
  for (const [index, hash] of hashes.entries()) {
    const person = people[index]
    if ((await isPassword(password, hash)) && person !== undefined) return person
  }
  return null
}

export const maySignIn = ({ disabledAt, waitingSince }: User): boolean =>
  disabledAt === null && waitingSince === null

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
