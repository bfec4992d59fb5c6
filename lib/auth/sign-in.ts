/** Signing in with e-mail and password. */
import { createHash } from 'node:crypto'
import type { Database } from '#db/client.ts'
import { createFirstOwner } from '#db/directory/first-owner.ts'
import { organisationIds } from '#db/directory/organisations.ts'
import {
  forgetSignInTries,
  giveSignInTriesBack,
  secondsLocked,
  takeSignInTries,
} from '#db/directory/sign-in-tries.ts'
import { peopleOfLogin, type User, user } from '#db/people/people.ts'
import { ProductError, TooManyRequests } from '#lib/base/errors.ts'
import type { Secret } from '#lib/base/secrets.ts'
import { type Caller, tryAs } from './limits.ts'
import { arePassword, hashPassword } from './passwords.ts'

export interface SignInInput {
  readonly email: string
  readonly password: string
}

/**
 * The person whose password it is. Throws `sign-in-refused`, saying neither which of the two was wrong nor who exists, and
 * `too-many-requests` after repeated failures of the address or the caller, whether the address is anybody's or not.
 */
export async function signIn({
  db,
  caller,
  input,
}: {
  db: Database
  caller: Caller
  input: SignInInput
}): Promise<User> {
  return tryAs({ db, caller, kind: 'password' }, async () => {
    const people = (await peopleOfLogin(db, 'email', input.email)).filter(maySignIn)
    const person = await personOf(db, input, people)
    if (person === null)
      throw new ProductError('sign-in-refused', 'The e-mail address or the password is not right.')
    return person
  })
}

/**
 * The first of the people whose password it is. They have one address and, in each organisation, a password of their own. A
 * try counts against every one whose password it is not, and only their own right password clears that: else somebody of
 * another organisation, invited there under the same address, could guess on and on.
 */
async function personOf(
  db: Database,
  { email, password }: SignInInput,
  people: readonly User[],
): Promise<User | null> {
  const marks = people.length === 0 ? [markOfAddress(email)] : people.map(markOfPerson)
  const open = await takeSignInTries(db, marks)
  if (open.size === 0) throw await locked(db, marks)
  const looked = people.filter((person) => open.has(markOfPerson(person)))
  const hashes = looked.map(({ passwordHash }) => passwordHash)
  const right = await arePassword(password, hashes).catch(async (error: unknown) => {
    // Not looked at: a stranger who keeps us busy must not lock anybody out.
    await giveSignInTriesBack(db, [...open])
    throw error
  })
  const found = looked.filter((_, index) => right[index])
  if (found.length === 0 && open.size < marks.length) throw await locked(db, marks)
  const [person] = found
  if (person === undefined) return null
  await forgetSignInTries(db, found.map(markOfPerson))
  // Looking takes a while, in which they may have been switched off or have got another password.
  const now = await user(db, person.organisationId, person.id)
  return now !== null && maySignIn(now) && now.passwordHash === person.passwordHash ? now : null
}

/** That it is the person's present password; failures count as those of a sign-in. Throws `sign-in-refused`. */
export async function provePassword(db: Database, person: User, password: string): Promise<void> {
  const proved = await personOf(db, { email: person.email, password }, [person])
  if (proved === null) throw new ProductError('sign-in-refused', 'The present password is not right.')
}

/** The hash that a new password of the address is stored beside; see `hashPassword`. */
export async function hashBeside(
  db: Database,
  { email, organisationId }: { email: string; organisationId: string },
): Promise<string | null> {
  const others = await peopleOfLogin(db, 'email', email)
  const beside = others.find(
    (other) => other.organisationId !== organisationId && other.passwordHash !== null,
  )
  return beside?.passwordHash ?? null
}

async function locked(db: Database, marks: readonly string[]): Promise<TooManyRequests> {
  const seconds = await secondsLocked(db, marks)
  return new TooManyRequests(
    'The sign-in with this e-mail address failed too often. It is locked for some minutes.',
    Math.max(1, seconds),
  )
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const markOfAddress = (email: string): string => sha256(email.toLowerCase())
const markOfPerson = ({ organisationId, id }: User): string => sha256(`${organisationId} ${id}`)

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
