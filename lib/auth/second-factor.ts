/**
 * A second factor: a code of an authenticator (TOTP, RFC 6238), beside the password. Who signs in with PRISM is asked there. API
 * tokens and members of ConnectWise have none.
 */
import { randomBytes } from 'node:crypto'
import { TOTP, Secret as TotpSecret } from 'otpauth'
import type { Database } from '#db/client.ts'
import { organisation } from '#db/directory/organisations.ts'
import { forgetSignInTries, secondsLocked, takeSignInTries } from '#db/directory/sign-in-tries.ts'
import { audit } from '#db/people/audit.ts'
import { changeUser, peopleOfLogin, type User, user } from '#db/people/people.ts'
import {
  confirmSecondFactor,
  deleteSecondFactor,
  putSecondFactor,
  type SecondFactor,
  secondFactor,
  secondFactorKind,
  useRecoveryCode,
  useStep,
} from '#db/people/second-factors.ts'
import { ProductError, TooManyRequests } from '#lib/base/errors.ts'
import { type Sealer, Secret } from '#lib/base/secrets.ts'
import type { PeopleContext } from './people.ts'
import { hashOfToken } from './tokens.ts'

const STEP_SECONDS = 30
/** A clock may be a step early or late. */
const WINDOW = 1
const RECOVERY_CODES = 10
/** What authenticators take: SHA-1's length. */
const SECRET_BYTES = 20

export interface FactorContext {
  readonly db: Database
  readonly sealer: Sealer
}

/** What is shown once. */
export interface BegunFactor {
  /** In base32, for whoever types it. */
  readonly secret: string
  /** `otpauth://…`, which a phone opens in its authenticator. */
  readonly uri: string
  /** Each works once in the place of a code. */
  readonly recoveryCodes: string[]
}

/** Makes a secret that asks for nothing before `confirmFactor`. Throws `conflict` where a confirmed one is there. */
export async function beginFactor({ db, sealer }: FactorContext, person: User): Promise<BegunFactor> {
  const { organisationId, id, email, passwordHash } = person
  if (passwordHash === null)
    throw new ProductError('conflict', 'You sign in with PRISM, which asks for a second factor of its own.')
  const totp = totpOf(email, new TotpSecret({ size: SECRET_BYTES }))
  const recoveryCodes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
  const isPut = await putSecondFactor(db, organisationId, id, {
    sealed: sealer.seal(new Secret(totp.secret.base32), { organisationId, kind: secondFactorKind(id) }),
    sealKeyId: sealer.keyId,
    codeHashes: recoveryCodes.map((code) => hashOfCode(person, code)),
  })
  if (!isPut) throw new ProductError('conflict', 'There is a second factor already. Take it off first.')
  return { secret: totp.secret.base32, uri: totp.toString(), recoveryCodes }
}

const totpOf = (email: string, secret: TotpSecret): TOTP =>
  new TOTP({ issuer: 'Prism Pod', label: email, algorithm: 'SHA1', digits: 6, period: STEP_SECONDS, secret })

/** 69 random bits, in letters and digits that nobody mixes up. */
function newRecoveryCode(): string {
  const alphabet = '23456789abcdefghjkmnpqrstuvwxyz'
  const letters = [...randomBytes(14)].map((byte) => alphabet[byte % alphabet.length])
  return [letters.slice(0, 5), letters.slice(5, 10), letters.slice(10)].map((part) => part.join('')).join('-')
}

const plainCode = (code: string): string => code.toLowerCase().replaceAll(/[\s-]/g, '')
const hashOfCode = ({ organisationId, id }: User, code: string): string =>
  hashOfToken(`${organisationId} ${id} ${plainCode(code)}`)

/** The first code: from now on one is asked for. Throws `conflict` where none was begun, and as `proveFactor`. */
export async function confirmFactor(ctx: FactorContext, person: User, code: string): Promise<void> {
  const { organisationId, id, email } = person
  const factor = await secondFactor(ctx.db, organisationId, id)
  if (factor === null) throw new ProductError('conflict', 'No second factor was begun. Begin again.')
  if (factor.confirmedAt !== null) throw new ProductError('conflict', 'The second factor is set up already.')
  await prove(ctx, person, factor, code)
  await ctx.db.transaction(async (tx) => {
    await confirmSecondFactor(tx, organisationId, id)
    await audit(tx, organisationId, { actor: email, action: 'set-up-second-factor', subject: email })
  })
}

/**
 * That whoever has the password has the second factor, too, where one is asked for. With the code of one that was begun, it is
 * confirmed. Throws `second-factor-needed`, `second-factor-to-set-up` where the organisation demands one that is not there,
 * `sign-in-refused` for a wrong code, and `too-many-requests` after some of them.
 */
export async function proveFactor(ctx: FactorContext, person: User, code: string | undefined): Promise<void> {
  const factor = await secondFactor(ctx.db, person.organisationId, person.id)
  if (factor?.confirmedAt) {
    if (code === undefined) throw needed('The code of your authenticator is needed, too.')
    return prove(ctx, person, factor, code)
  }
  if (!(await isDemanded(ctx.db, person))) return
  if (factor === null || code === undefined)
    throw new ProductError('second-factor-to-set-up', 'Your organisation asks for a second factor from you.')
  await confirmFactor(ctx, person, code)
}

const needed = (detail: string): ProductError => new ProductError('second-factor-needed', detail)

/** Who came by a link has proved no second factor: they sign in. Throws as `proveFactor` without a code. */
export const requireNoFactor = (ctx: FactorContext, person: User): Promise<void> =>
  proveFactor(ctx, person, undefined).catch((error: unknown) => {
    if (!(error instanceof ProductError)) throw error
    throw new ProductError(error.code, `Your password is set. Sign in with it now. ${error.detail}`)
  })

/** Whether the organisation wants one of the person, who signs in with a password. */
export async function isDemanded(db: Database, { organisationId, role }: User): Promise<boolean> {
  const wanted = (await organisation(db, organisationId))?.secondFactor
  return wanted === 'everybody' || (wanted === 'owners' && role === 'owner')
}

/** Wrong codes count for the person, whoever tries, and only a right one clears them. */
async function prove(
  { db, sealer }: FactorContext,
  person: User,
  factor: SecondFactor,
  code: string,
): Promise<void> {
  const mark = hashOfToken(`second factor ${person.organisationId} ${person.id}`)
  if ((await takeSignInTries(db, [mark])).size === 0)
    throw new TooManyRequests(
      'Too many codes were wrong. The sign-in is locked for some minutes.',
      Math.max(1, await secondsLocked(db, [mark])),
    )
  if (!(await isRight({ db, sealer }, person, factor, code)))
    throw new ProductError(
      'sign-in-refused',
      'The code is not right, or was used already. Wait for the next one.',
    )
  await forgetSignInTries(db, [mark])
}

async function isRight(
  { db, sealer }: FactorContext,
  person: User,
  { sealed }: SecondFactor,
  code: string,
): Promise<boolean> {
  const { organisationId, id, email } = person
  const plain = plainCode(code)
  if (!/^\d{6}$/.test(plain)) return useRecoveryCode(db, organisationId, id, hashOfCode(person, plain))
  const secret = sealer.open(sealed, { organisationId, kind: secondFactorKind(id) })
  const now = Date.now()
  const delta = totpOf(email, TotpSecret.fromBase32(secret.reveal())).validate({
    token: plain,
    window: WINDOW,
    timestamp: now,
  })
  return delta !== null && useStep(db, organisationId, id, Math.floor(now / 1000 / STEP_SECONDS) + delta)
}

/** Takes one's own off. Throws as `proveFactor`, and `conflict` where there is none or the organisation demands it. */
export async function removeFactor(ctx: FactorContext, person: User, code: string): Promise<void> {
  const { organisationId, id, email } = person
  const factor = await secondFactor(ctx.db, organisationId, id)
  if (factor === null) throw new ProductError('conflict', 'There is no second factor.')
  if (await isDemanded(ctx.db, person))
    throw new ProductError(
      'conflict',
      'Your organisation asks for a second factor; an owner can reset yours.',
    )
  await prove(ctx, person, factor, code)
  await ctx.db.transaction(async (tx) => {
    await deleteSecondFactor(tx, organisationId, id)
    await audit(tx, organisationId, { actor: email, action: 'take-off-second-factor', subject: email })
  })
}

/**
 * The operator's help where no owner can sign in: takes off the second factors of an address, in every organisation, and ends
 * those people's sessions. Gives how many there were.
 */
export async function resetFactorsOf(db: Database, email: string): Promise<number> {
  let taken = 0
  for (const { organisationId, id } of await peopleOfLogin(db, 'email', email)) {
    if ((await secondFactor(db, organisationId, id)) === null) continue
    await resetFactor({ db, organisationId, actor: 'the operator, by npm run reset-second-factor' }, id)
    taken += 1
  }
  return taken
}

/** An owner's help for somebody whose authenticator and codes are lost: ends their sessions, too. Throws `not-found`, `conflict`. */
export async function resetFactor(
  { db, organisationId, actor }: PeopleContext,
  userId: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    const person = await user(tx, organisationId, userId)
    if (person === null) throw new ProductError('not-found', 'There is no such person.')
    if (!(await deleteSecondFactor(tx, organisationId, userId)))
      throw new ProductError('conflict', `${person.email} has no second factor.`)
    await changeUser(tx, organisationId, userId, { sessionsFrom: new Date() })
    await audit(tx, organisationId, { actor, action: 'reset-second-factor', subject: person.email })
  })
}
