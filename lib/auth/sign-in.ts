/** Signing in with e-mail and password. */
import { createHash } from 'node:crypto'
import type { Database } from '#db/client.ts'
import { organisation } from '#db/directory/organisations.ts'
import {
  forgetSignInTries,
  giveSignInTriesBack,
  secondsLocked,
  takeSignInTries,
} from '#db/directory/sign-in-tries.ts'
import { audit } from '#db/people/audit.ts'
import { peopleOfLogin, type User, user } from '#db/people/people.ts'
import { ProductError, TooManyRequests } from '#lib/base/errors.ts'
import { log } from '#lib/base/log.ts'
import type { Sealer } from '#lib/base/secrets.ts'
import { type Caller, tryAs } from './limits.ts'
import type { PasswordOf } from './password-strength.ts'
import { arePassword, PasswordsBusy } from './passwords.ts'
import { type BegunFactor, beginFactor, isDemanded, proveFactor } from './second-factor.ts'

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
  sealer,
  caller,
  input,
}: {
  db: Database
  sealer: Sealer
  caller: Caller
  input: SignInInput & { readonly code?: string | undefined }
}): Promise<User> {
  return tryAs({ db, caller, kind: 'password' }, async () => {
    const people = (await peopleOfLogin(db, 'email', input.email)).filter(maySignIn)
    const person = await personOf(db, input, people).catch(async (error: unknown) => {
      await noteRefused({ db, caller, people, reason: 'locked', error })
      throw error
    })
    if (person !== null) {
      await withFactor({ db, sealer, caller }, person, input.code)
      return person
    }
    await noteRefused({ db, caller, people, reason: 'password' })
    throw new ProductError('sign-in-refused', 'The e-mail address or the password is not right.')
  })
}

/** Throws as `proveFactor`; a wrong code is noted as a wrong password is. */
async function withFactor(
  { db, sealer, caller }: { db: Database; sealer: Sealer; caller: Caller },
  person: User,
  code: string | undefined,
): Promise<void> {
  try {
    await proveFactor({ db, sealer }, person, code)
  } catch (error) {
    if (error instanceof ProductError && error.code === 'sign-in-refused')
      await noteRefused({ db, caller, people: [person], reason: 'code' })
    throw error
  }
}

/**
 * Begins a second factor for whoever may not sign in without one and has none. Throws as `signIn`, and `conflict` where nobody asks
 * for one.
 */
export async function beginFirstFactor({
  db,
  sealer,
  caller,
  input,
}: {
  db: Database
  sealer: Sealer
  caller: Caller
  input: SignInInput
}): Promise<BegunFactor> {
  return tryAs({ db, caller, kind: 'password' }, async () => {
    const people = (await peopleOfLogin(db, 'email', input.email)).filter(maySignIn)
    const person = await personOf(db, input, people)
    if (person === null)
      throw new ProductError('sign-in-refused', 'The e-mail address or the password is not right.')
    if (!(await isDemanded(db, person)))
      throw new ProductError(
        'conflict',
        'No second factor is asked for: sign in, and set it up under Settings.',
      )
    return beginFactor({ db, sealer }, person)
  })
}

/** A refusal stands in the audit of every organisation that has somebody of the address; one of nobody's in the log alone. */
async function noteRefused({
  db,
  caller,
  people,
  reason,
  error,
}: {
  readonly db: Database
  readonly caller: Caller
  readonly people: readonly User[]
  readonly reason: 'password' | 'locked' | 'code'
  readonly error?: unknown
}): Promise<void> {
  if (error !== undefined && !(error instanceof TooManyRequests && !(error instanceof PasswordsBusy))) return
  log.info('sign-in-refused', { caller: caller.name, reason, known: people.length > 0 })
  for (const { organisationId, email } of people)
    await audit(db, organisationId, {
      actor: `somebody at ${caller.name}`,
      action: 'refuse-sign-in',
      subject: email,
      detail: { reason },
    })
}

/** Notes that a person is signed in from now on, and how they proved who they are. */
export async function noteSignIn(
  db: Database,
  { organisationId, email }: User,
  { caller, way }: { readonly caller: Caller; readonly way: 'password' | 'PRISM' },
): Promise<void> {
  await audit(db, organisationId, {
    actor: email,
    action: 'sign-in',
    subject: email,
    detail: { way, from: caller.name },
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

/** What everybody knows of a person, and so of no use in a password. */
export async function knownOf(
  db: Database,
  { email, name, organisationId }: Pick<User, 'email' | 'name' | 'organisationId'>,
): Promise<PasswordOf> {
  const found = await organisation(db, organisationId)
  return { email, names: [name, found?.name ?? ''] }
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
