/** Proving once more who somebody is who is signed in: before what nobody can take back. */
import { user } from '#db/people/people.ts'
import { ProductError } from '#lib/base/errors.ts'
import { type Caller, tryAs } from './limits.ts'
import type { PeopleContext } from './people.ts'
import { type FactorContext, proveFactor } from './second-factor.ts'
import { provePassword } from './sign-in.ts'

/**
 * That it is the person, by their password and, where they have one, a code of their second factor. Failures count as those of a
 * sign-in. Throws `sign-in-refused`, `second-factor-needed`, `too-many-requests`, and `conflict` where they have no password.
 */
export async function proveAgain({
  ctx: { organisationId, userId, ...ctx },
  caller,
  input,
}: {
  ctx: FactorContext & PeopleContext & { readonly userId: string }
  caller: Caller
  input: { readonly password: string; readonly code?: string | undefined }
}): Promise<void> {
  await tryAs({ db: ctx.db, caller, kind: 'password' }, async () => {
    const person = await user(ctx.db, organisationId, userId)
    if (person === null) throw new ProductError('sign-in-needed', 'You are not signed in any more.')
    if (person.passwordHash === null) throw new ProductError('conflict', NO_PASSWORD)
    await provePassword(ctx.db, person, input.password)
    await proveFactor(ctx, person, input.code)
  })
}

export const NO_PASSWORD =
  'You sign in with PRISM and have no password here. Invite your own address under People; its link gives you one.'
