/** `npm run backup -- <file>`: writes the database of this deployment to one file, while the app goes on. */
import { backUp } from '#db/backup.ts'
import { asOperator } from './deployment.ts'
import { fileAsked, sumOf } from './operator-words.ts'

await asOperator(async ({ databaseUrl }) => {
  const file = fileAsked('npm run backup -- prism-pod-2026-11-30.backup')
  const { rows, bytes } = await backUp(databaseUrl, file)
  console.log(`${file} holds ${sumOf(rows)}, ${(bytes / 1e6).toFixed(1)} MB.`)
  console.log(
    'Keep ENCRYPTION_KEY (or secrets.json of DATA_DIR) apart from it: without that key the connections are lost.',
  )
})
