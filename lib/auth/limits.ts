/** How often one caller may try, whoever it tries to be. */
import type { Database } from '#db/client.ts'
import {
  type Allowance,
  type CallerTryKind,
  giveCallerTryBack,
  takeCallerTry,
} from '#db/directory/caller-tries.ts'
import { type ErrorCode, ProductError, TooManyRequests } from '#lib/base/errors.ts'
import { PasswordsBusy } from './passwords.ts'

/** Where a request comes from. */
export interface Caller {
  /** What it is counted by: an IPv4 address, a network of IPv6, or the one name of all who cannot be told apart. */
  readonly name: string
  /** Whether others come under the same name: then one allowance is too little. */
  readonly isShared: boolean
}

/**
 * Failures: at once, and one more after so many seconds. A mistyped password now and then never gets there. Claims of ConnectWise
 * members that it does not confirm: of names that were never proved here all together, of each that was apart. Questions put to
 * it, whatever it answers, so that an outage of ConnectWise is no way to flood it.
 */
const allowances: Record<CallerTryKind, Allowance> = {
  password: { atOnce: 20, everySeconds: 30 },
  member: { atOnce: 15, everySeconds: 20 },
  'known-member': { atOnce: 15, everySeconds: 20 },
  'member-asked': { atOnce: 60, everySeconds: 2 },
}
const SHARED_BY = 10

/** Ends of a try that are the caller's failure; a success, or trouble of ours, is none. */
const failures: readonly ErrorCode[] = ['sign-in-refused', 'link-invalid', 'too-many-requests']
const isFailure = (error: unknown): boolean =>
  error instanceof ProductError && !(error instanceof PasswordsBusy) && failures.includes(error.code)

export interface Tried {
  readonly db: Database
  readonly caller: Caller
  readonly kind: CallerTryKind
}

/** Makes the attempt unless the caller has failed too often. Throws `TooManyRequests` before it begins. */
export async function tryAs<T>(tried: Tried, attempt: () => Promise<T>): Promise<T> {
  // Taken before, so that tries at once cannot outrun the count.
  const seconds = await takeTry(tried)
  if (seconds !== null)
    throw new TooManyRequests('Too many sign-ins from your network failed in a short time.', seconds)
  let counts = false
  try {
    return await attempt()
  } catch (error) {
    counts = isFailure(error)
    throw error
  } finally {
    if (!counts) await giveTryBack(tried)
  }
}

/** The seconds to wait where the caller's allowance is used up; `null` where one of it was taken. */
export const takeTry = ({ db, caller, kind }: Tried): Promise<number | null> =>
  takeCallerTry(db, { kind, caller: caller.name }, allowanceOf(kind, caller))

export const giveTryBack = ({ db, caller, kind }: Tried): Promise<void> =>
  giveCallerTryBack(db, { kind, caller: caller.name }, allowanceOf(kind, caller))

function allowanceOf(kind: CallerTryKind, { isShared }: Caller): Allowance {
  const { atOnce, everySeconds } = allowances[kind]
  return isShared
    ? { atOnce: atOnce * SHARED_BY, everySeconds: everySeconds / SHARED_BY }
    : { atOnce, everySeconds }
}
