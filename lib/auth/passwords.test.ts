/** How much work a password makes. The derivation itself is played here: it only counts, and takes a moment. */
import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { arePassword, hashPassword, PasswordsBusy } from './passwords.ts'

const work = vi.hoisted(() => ({ made: 0, atOnce: 0, most: 0 }))
vi.mock('node:crypto', async (original) => ({
  ...(await original<object>()),
  scrypt: (
    password: string,
    salt: Buffer,
    _bytes: number,
    _cost: object,
    done: (error: null, key: Buffer) => void,
  ) => {
    work.made += 1
    work.atOnce += 1
    work.most = Math.max(work.most, work.atOnce)
    setTimeout(() => {
      work.atOnce -= 1
      done(null, createHash('sha256').update(password).update(salt).digest())
    }, 2)
  },
}))
beforeEach(() => {
  work.made = 0
  work.most = 0
})

/** How many derivations it takes. */
const derivations = async (make: () => Promise<unknown>): Promise<number> => {
  const before = work.made
  await make()
  return work.made - before
}

describe('looking at a password', () => {
  it('takes one derivation for an address of nobody, of one person, or of one in several organisations [B6]', async () => {
    const first = await hashPassword('of the first organisation')
    const second = await hashPassword('of the second', first)
    const without = null
    for (const hashes of [[], [without], [first], [first, second], [first, without, second]])
      expect(await derivations(() => arePassword('a guess', hashes))).toBe(1)
  })

  it('finds whose it is among them, and never anybody’s without one [B6]', async () => {
    const first = await hashPassword('of the first organisation')
    const second = await hashPassword('of the second', first)
    const older = await hashPassword('of the second')
    const hashes = [first, null, second, older]
    expect(await arePassword('of the second', hashes)).toEqual([false, false, true, true])
    expect(await arePassword('of the first organisation', hashes)).toEqual([true, false, false, false])
    expect(await arePassword('', hashes)).toEqual([false, false, false, false])
  })

  it('is done for two at a time, and refused rather than piled up where sixteen wait [B6]', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 30 }, () => arePassword('a guess', [])))
    const refused = asked.filter((each) => each.status === 'rejected')
    expect(work.most).toBe(2)
    expect(asked.length - refused.length).toBe(2 + 16)
    for (const { reason } of refused) expect(reason).toBeInstanceOf(PasswordsBusy)
    // Once they are done there is room again.
    expect(await arePassword('a guess', [])).toEqual([])
  })

  it('of several salts refused in the middle leaves no promise behind [B6]', async () => {
    const salts = await Promise.all([1, 2, 3].map(() => hashPassword('x')))
    const filling = Array.from({ length: 17 }, () => arePassword('a guess', []))
    await expect(arePassword('a guess', salts)).rejects.toBeInstanceOf(PasswordsBusy)
    await Promise.all(filling)
  })
})
