/** Passwords, stored as scrypt hashes. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import PQueue from 'p-queue'
import { TooManyRequests } from '#lib/base/errors.ts'

/** OWASP's scrypt setting of 2^16: 64 MB for each check, which is what makes guessing dear. */
const COST = { N: 2 ** 16, r: 8, p: 1 } as const
const KEY_BYTES = 32
const SALT_BYTES = 16

/** Of Node's four threads for such work, which also look up hosts and read files, two stay free. */
const AT_ONCE = 2
/** Who comes when so many wait is told to come again: waiting longer would only keep more requests open. */
const MOST_WAITING = 16
const BUSY_SECONDS = 5

// Next may evaluate a module once for each bundle; the queue must stay one.
const held = globalThis as typeof globalThis & { prismPodHashing?: PQueue }
const hashing = (): PQueue => {
  held.prismPodHashing ??= new PQueue({ concurrency: AT_ONCE })
  return held.prismPodHashing
}

/** What a password was hashed with. */
interface Salted {
  readonly salt: Buffer
  readonly cost: { readonly N: number; readonly r: number; readonly p: number }
}

interface Hash extends Salted {
  readonly key: Buffer
}

/** More passwords wait than this process can look at soon; this one was not looked at, and so is no failure of anybody. */
export class PasswordsBusy extends TooManyRequests {
  constructor() {
    super('Too many people sign in at the moment.', BUSY_SECONDS)
  }
}

/** Throws `PasswordsBusy`. */
async function derive(password: string, { salt, cost }: Salted): Promise<Buffer> {
  const queue = hashing()
  if (queue.size >= MOST_WAITING) throw new PasswordsBusy()
  return queue.add(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        const maxmem = 256 * cost.N * cost.r
        scrypt(password.normalize('NFKC'), salt, KEY_BYTES, { ...cost, maxmem }, (error, key) =>
          error === null ? resolve(key) : reject(error),
        )
      }),
  )
}

/** `scrypt$N$r$p$salt$key`, salt and key in base64url; `null` where the text is no hash. */
function readHash(text: string | null): Hash | null {
  const [, N, r, p, salt, key] = (text ?? '').split('$')
  if (!salt || !key) return null
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  return { cost, salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') }
}

/**
 * The hash to store. A person has one e-mail address and, in each organisation, a password of their own: with the salt of
 * `beside`, another hash of the same address, one derivation later looks at all of them, and takes as long as one for nobody.
 */
export async function hashPassword(password: string, beside: string | null = null): Promise<string> {
  const salt = readHash(beside)?.salt ?? randomBytes(SALT_BYTES)
  const key = await derive(password, { salt, cost: COST })
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Which of the hashes are of `password`. Without any hash it takes as long. Throws `PasswordsBusy`. */
export async function arePassword(password: string, hashes: readonly (string | null)[]): Promise<boolean[]> {
  const read = hashes.map(readHash)
  const derived = new Map<string, Promise<Buffer>>()
  for (const hash of read)
    if (hash !== null && !derived.has(mark(hash))) derived.set(mark(hash), derive(password, hash))
  if (derived.size === 0) await derive(password, { salt: Buffer.alloc(SALT_BYTES), cost: COST })
  // All of them, so that none is left rejecting unseen.
  await Promise.all(derived.values())
  return Promise.all(
    read.map(async (hash) => {
      const found = hash === null ? undefined : await derived.get(mark(hash))
      return hash !== null && found !== undefined && isSame(hash.key, found)
    }),
  )
}

/** Whether `password` is the one that was hashed. */
export const isPassword = async (password: string, hash: string | null): Promise<boolean> =>
  (await arePassword(password, [hash]))[0] === true

/** Hashes of one mark need one derivation. */
const mark = ({ salt, cost }: Salted): string =>
  [cost.N, cost.r, cost.p, salt.toString('base64url')].join('$')

const isSame = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)
