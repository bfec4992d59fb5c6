/** What a person who is signed in does with their own account. */
import { audit } from '#db/people/audit.ts'
import { changeUser, lockActiveOwners, type User, user } from '#db/people/people.ts'
import { ProductError } from '#lib/base/errors.ts'
import { type Caller, tryAs } from './limits.ts'
import { requireStrong } from './password-strength.ts'
import { hashPassword } from './passwords.ts'
import type { PeopleContext } from './people.ts'
import { hashBeside, knownOf, maySignIn, provePassword } from './sign-in.ts'

interface OwnContext extends PeopleContext {
  readonly userId: string
}

/** Ends every session of the person, this one included. */
export async function signOutEverywhere({ ctx }: { ctx: OwnContext }): Promise<void> {
  const { db, organisationId, actor, userId } = ctx
  await db.transaction(async (tx) => {
    await changeUser(tx, organisationId, userId, { sessionsFrom: new Date() })
    await audit(tx, organisationId, { actor, action: 'sign-out-everywhere', subject: actor })
  })
}

/**
 * Sets a new password and ends the person's other sessions. Throws `sign-in-refused` where the present one is wrong, which
 * counts as a failed sign-in: a session that somebody left open is no place to guess; and so `too-many-requests`. Throws
 * `request-invalid` for one of those that are tried first.
 */
export async function changePassword({
  ctx,
  caller,
  input,
}: {
  ctx: OwnContext
  caller: Caller
  input: { readonly current: string; readonly password: string }
}): Promise<void> {
  const { db, organisationId, actor, userId } = ctx
  await tryAs({ db, caller, kind: 'password' }, async () => {
    const person = await user(db, organisationId, userId)
    if (person === null) throw signedOut()
    await provePassword(db, person, input.current)
    requireStrong(input.password, await knownOf(db, person))
    const passwordHash = await hashPassword(input.password, await hashBeside(db, person))
    await db.transaction(async (tx) => {
      // Hashing takes a while, in which they may have been switched off, or have got another password.
      await lockActiveOwners(tx, organisationId)
      const now = await user(tx, organisationId, userId)
      if (now === null || !isUnchanged(person, now)) throw signedOut()
      await changeUser(tx, organisationId, userId, { passwordHash, sessionsFrom: new Date() })
      await audit(tx, organisationId, { actor, action: 'change-password', subject: actor })
    })
  })
}

const isUnchanged = (before: User, now: User): boolean =>
  maySignIn(now) && now.passwordHash === before.passwordHash

const signedOut = (): ProductError => new ProductError('sign-in-needed', 'You are not signed in any more.')
