/** Secrets: a wrapper that cannot be printed by accident, and sealing for storage (B5). */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { ProductError } from './errors.ts'

const printed = '[secret]'

/** Holds a secret text. Printing, logging, joining or serialising it gives `[secret]`; `reveal()` gives the text. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }
  toString(): string {
    return printed
  }
  toJSON(): string {
    return printed
  }
  [inspect.custom](): string {
    return printed
  }
}

/** What a sealed text belongs to; opening it for anything else fails. */
export interface SealedFor {
  readonly organisationId: string
  /** What it is, e.g. `prism` or `connectwise`. */
  readonly kind: string
}

export interface Sealer {
  /** Of the key that seals. */
  readonly keyId: string
  /** Of all keys that open. */
  readonly keyIds: ReadonlySet<string>
  /** `v1.<key id>.<iv>.<tag>.<ciphertext>`, all parts base64url. */
  seal(secret: Secret, owner: SealedFor): string
  /** Throws `secret-unreadable` where key, owner or text do not fit. */
  open(sealed: string, owner: SealedFor): Secret
}

const algorithm = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16
const keyBytes = 32

/** A 32-byte key from base64, base64url or 64 hex digits; `null` where the text is none. */
export function readKey(text: string): Buffer | null {
  const encoding = /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64'
  const key = Buffer.from(text, encoding)
  return key.length === keyBytes ? key : null
}

/** Seals with the first key, opens with any: a new key is put in front, the old one stays until all is sealed again. */
export function createSealer(keys: readonly Buffer[]): Sealer {
  const [first] = keys
  if (first === undefined) throw new Error('A sealer needs a key')
  const byId = new Map(keys.map((key) => [keyId(key), key]))
  return {
    keyId: keyId(first),
    keyIds: new Set(byId.keys()),
    seal(secret, owner) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv(algorithm, first, iv).setAAD(additional(owner))
      const text = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()])
      const parts = [iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url'))
      return ['v1', keyId(first), ...parts].join('.')
    },
    open(sealed, owner) {
      const [version, id, iv, tag, text] = sealed.split('.')
      const key = byId.get(id ?? '')
      if (version !== 'v1' || iv === undefined || tag === undefined || text === undefined)
        throw new ProductError('secret-unreadable', `The stored ${owner.kind} secret is damaged.`)
      if (key === undefined)
        throw new ProductError(
          'secret-unreadable',
          `The stored ${owner.kind} secret was sealed with another key (${id}).`,
        )
      return openWith(key, { iv, tag, text }, owner)
    },
  }
}

/** Of keys as the environment holds them. */
export const sealerOf = (keys: readonly Secret[]): Sealer =>
  createSealer(keys.map((key) => readKey(key.reveal())).filter((key) => key !== null))

function openWith(key: Buffer, sealed: { iv: string; tag: string; text: string }, owner: SealedFor): Secret {
  try {
    const decipher = createDecipheriv(algorithm, key, Buffer.from(sealed.iv, 'base64url'), {
      authTagLength: tagBytes,
    })
    decipher.setAAD(additional(owner)).setAuthTag(Buffer.from(sealed.tag, 'base64url'))
    return new Secret(
      Buffer.concat([decipher.update(Buffer.from(sealed.text, 'base64url')), decipher.final()]).toString(
        'utf8',
      ),
    )
  } catch {
    // The cause is left out on purpose: it says nothing more, and must not reach a log with key material near it.
    throw new ProductError(
      'secret-unreadable',
      `The stored ${owner.kind} secret does not belong here or was altered.`,
    )
  }
}

/** Of the key that a text was sealed with; `null` where it is no sealed text. */
export const keyIdIn = (sealed: string): string | null => /^v1\.([0-9a-f]{8})\./.exec(sealed)?.[1] ?? null

const keyId = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8)
const additional = (owner: SealedFor): Buffer =>
  Buffer.from(JSON.stringify([owner.organisationId, owner.kind]))
