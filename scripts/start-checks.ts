/** What is looked at before the app starts: what would lose or leak something is refused, what is merely odd is said. */
import { openDatabase } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { roleOfUs } from '#db/role.ts'
import { requireStrongOwner } from '#lib/auth/first-owner.ts'
import type { Environment } from '#lib/base/env.ts'
import { ProductError } from '#lib/base/errors.ts'
import { sealerOf } from '#lib/base/secrets.ts'
import { sealedWithOtherKeys } from '#lib/setup/reseal.ts'

/**
 * Brings the database to this version, and refuses one whose secrets the keys of the environment do not open: entered anew they
 * would be lost. Also refuses a first owner's password that is tried first. Throws `database-unreachable`, `database-newer`,
 * `secret-unreadable`, `environment-invalid`.
 */
export async function prepareDatabase(url: string, environment: Environment): Promise<void> {
  await migrate(url, { allowNewer: environment.allowNewerDatabase })
  const { db, close } = openDatabase(url, { max: 1 })
  try {
    const others = await sealedWithOtherKeys(db, sealerOf(environment.encryptionKeys))
    if (others.length > 0) throw lockedOut(others)
    await requireStrongOwner(db, environment.owner)
  } finally {
    await close()
  }
}

function lockedOut(others: readonly { readonly keyId: string; readonly secrets: number }[]): ProductError {
  const named = others.map(({ keyId, secrets }) => `${secrets} by the key ${keyId}`).join(', ')
  return new ProductError(
    'secret-unreadable',
    `The database holds keys of PRISM, ConnectWise or webhooks that ENCRYPTION_KEY does not open: ${named} (the beginning of the key’s SHA-256). ` +
      'Set ENCRYPTION_KEY to the key they were sealed with, or put it after the new one with a comma; without ENCRYPTION_KEY it is in secrets.json of DATA_DIR. ' +
      'Where that key is lost, npm run reseal -- --forget removes what it sealed, and the connections are entered again.',
  )
}

/** Sentences about what works, and is seldom meant. */
export async function oddities(url: string, environment: Environment): Promise<string[]> {
  const { appUrl, listen, trustedProxy, embeddedDatabase } = environment
  const isLocal = ['127.0.0.1', '::1', 'localhost'].includes(listen)
  const said: string[] = []
  if (appUrl.startsWith('https://') && trustedProxy === null)
    said.push('TRUSTED_PROXY is not set: the limit of failed sign-ins is one for all callers together.')
  if (!isLocal && appUrl.startsWith('http://'))
    said.push(
      `It listens beyond this machine (LISTEN=${listen}) without https: whoever is on the network can read what is sent. Put a proxy with TLS in front and set APP_URL.`,
    )
  if (!embeddedDatabase && (await isSuperuser(url)))
    said.push(
      'The user of DATABASE_URL is a superuser of PostgreSQL. Give the app one that owns its database and no more (docs/deploy.md, “PostgreSQL”).',
    )
  return said
}

async function isSuperuser(url: string): Promise<boolean> {
  const { db, close } = openDatabase(url, { max: 1 })
  try {
    return (await roleOfUs(db)).isSuperuser
  } finally {
    await close()
  }
}

/** Where it can be reached, in a sentence. */
export function whereItListens({ listen, port }: Environment): string {
  if (listen === '0.0.0.0' || listen === '::') return `It listens on port ${port} of every network address.`
  const isLocal = ['127.0.0.1', '::1', 'localhost'].includes(listen)
  return `It listens on ${listen}, port ${port}${isLocal ? ', which only this machine reaches (LISTEN changes that)' : ''}.`
}
