/**
 * `npm run reseal`: seals every stored secret with the first key of ENCRYPTION_KEY; the older keys can be removed then. With
 * `-- --forget` removes the connections and webhooks whose key is lost.
 */
import { openDatabase } from '#db/client.ts'
import { sealerOf } from '#lib/base/secrets.ts'
import { forgetUnreadable, resealAll } from '#lib/setup/reseal.ts'
import { asOperator } from './deployment.ts'

const isForgetting = process.argv.includes('--forget')

await asOperator(async ({ databaseUrl, environment }) => {
  const sealer = sealerOf(environment.encryptionKeys)
  const { db, close } = openDatabase(databaseUrl, { max: 1 })
  try {
    const { resealed, unreadable } = await resealAll(db, sealer)
    console.log(`${resealed} secrets were sealed with the present key.`)
    if (isForgetting) {
      for (const each of await forgetUnreadable(db, sealer))
        console.log(`The secret of ${each} was removed; it is entered again in the app.`)
    } else if (unreadable.length > 0) {
      for (const each of unreadable) console.error(`No key of ENCRYPTION_KEY opens the secret of ${each}.`)
      console.error('Where that key is lost, `npm run reseal -- --forget` removes what it sealed.')
      process.exitCode = 1
    }
  } finally {
    await close()
  }
})
