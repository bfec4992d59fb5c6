/** `npm run reseal`: seals every stored secret with the first key of ENCRYPTION_KEY; the older keys can be removed then. */
import { openDatabase } from '#db/client.ts'
import { env } from '#lib/base/env.ts'
import { createSealer, readKey } from '#lib/base/secrets.ts'
import { resealAll } from '#lib/setup/reseal.ts'

const { databaseUrl, encryptionKeys } = env()
const keys = encryptionKeys.map((key) => readKey(key.reveal())).filter((key) => key !== null)
const { db, close } = openDatabase(databaseUrl.reveal(), { max: 1 })
try {
  const { resealed, unreadable } = await resealAll(db, createSealer(keys))
  console.log(`${resealed} secrets were sealed with the present key.`)
  for (const each of unreadable) console.error(`No key of ENCRYPTION_KEY opens the secret of ${each}.`)
  if (unreadable.length > 0) process.exitCode = 1
} finally {
  await close()
}
