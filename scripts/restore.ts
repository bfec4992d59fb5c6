/**
 * `npm run restore -- <file>`: fills the empty database of this deployment from a backup. With `--sync-off` every program's Sync
 * is off in it, for a copy beside a deployment that goes on.
 */
import { openDatabase } from '#db/client.ts'
import { restore } from '#db/restore.ts'
import { sealerOf } from '#lib/base/secrets.ts'
import { sealedWithOtherKeys } from '#lib/setup/reseal.ts'
import { asOperator } from './deployment.ts'
import { fileAsked, sumOf } from './operator-words.ts'

await asOperator(async ({ databaseUrl, environment }) => {
  const isSyncOff = process.argv.includes('--sync-off')
  const { madeAt, tag, rows } = await restore(
    databaseUrl,
    fileAsked('npm run restore -- prism-pod-2026-11-30.backup'),
    { isSyncOff },
  )
  console.log(`Restored ${sumOf(rows)} of ${madeAt.slice(0, 16).replace('T', ' ')} UTC (${tag}).`)
  console.log(
    isSyncOff
      ? 'Sync is off for every program: nothing is written to ConnectWise before it is switched on.'
      : 'What was synced after the backup is planned anew from what ConnectWise holds: look at the preview of a customer first.',
  )
  const { db, close } = openDatabase(databaseUrl, { max: 1 })
  try {
    if ((await sealedWithOtherKeys(db, sealerOf(environment.encryptionKeys))).length === 0) return
    console.error('ENCRYPTION_KEY does not open the connections in it: set the key of then before npm start.')
    process.exitCode = 1
  } finally {
    await close()
  }
})
