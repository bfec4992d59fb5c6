import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createSealer, readKey, Secret } from './secrets.ts'

const owner = { organisationId: 'org-1', kind: 'prism' }
const secret = new Secret('hunter2-and-more')

describe('a secret', () => {
  it('is [secret] wherever it is printed [B5]', () => {
    expect(
      [String(secret), [secret].join(), JSON.stringify({ secret }), inspect({ secret })].join(' '),
    ).not.toContain('hunter2')
    expect(secret.reveal()).toBe('hunter2-and-more')
  })
})

describe('sealing', () => {
  const key = randomBytes(32)

  it('opens what it sealed, and writes it differently each time [B5]', () => {
    const sealer = createSealer([key])
    const sealed = sealer.seal(secret, owner)
    expect(sealed).not.toContain('hunter2')
    expect(sealer.seal(secret, owner)).not.toBe(sealed)
    expect(sealer.open(sealed, owner).reveal()).toBe('hunter2-and-more')
  })

  it.each([
    ['another organisation', { organisationId: 'org-2', kind: 'prism' }],
    ['another kind', { organisationId: 'org-1', kind: 'connectwise' }],
    ['a split of the same letters', { organisationId: 'org-1p', kind: 'rism' }],
  ])('does not open for %s [B5, I2]', (_what, other) => {
    const sealer = createSealer([key])
    const sealed = sealer.seal(secret, owner)
    expect(() => sealer.open(sealed, other)).toThrowError(
      expect.objectContaining({ code: 'secret-unreadable' }),
    )
  })

  it('refuses a text with any letter changed', () => {
    const sealer = createSealer([key])
    const [version, id, iv = '', tag = '', text = ''] = sealer.seal(secret, owner).split('.')
    const changed = (part: string) => (part.startsWith('A') ? 'B' : 'A') + part.slice(1)
    for (const parts of [
      [version, id, changed(iv), tag, text],
      [version, id, iv, changed(tag), text],
      [version, id, iv, tag.slice(0, 8), text],
      [version, id, iv, tag, changed(text)],
      [version, id, iv],
      ['v2', id, iv, tag, text],
    ])
      expect(() => sealer.open(parts.join('.'), owner)).toThrowError(
        expect.objectContaining({ code: 'secret-unreadable' }),
      )
  })

  it('still opens with an older key after a new one was put in front', () => {
    const sealed = createSealer([key]).seal(secret, owner)
    const next = randomBytes(32)
    expect(createSealer([next, key]).open(sealed, owner).reveal()).toBe('hunter2-and-more')
    expect(() => createSealer([next]).open(sealed, owner)).toThrowError(/another key/)
  })

  it('reads keys of 32 bytes in base64 or hex, and nothing else', () => {
    expect(readKey(key.toString('base64'))).toEqual(key)
    expect(readKey(key.toString('base64url'))).toEqual(key)
    expect(readKey(key.toString('hex'))).toEqual(key)
    expect(readKey('too short')).toBeNull()
  })
})
