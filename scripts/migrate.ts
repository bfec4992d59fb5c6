/** `npm run migrate`, and the first step of a deployment: brings the database of DATABASE_URL to this version's schema. */
import { migrate } from '#db/migrate.ts'
import { readDatabaseUrl } from '#lib/base/env.ts'
import { ProductError } from '#lib/base/errors.ts'
import { loadDotEnv } from './deployment.ts'
import { printFirstOwnerLink } from './first-owner-link.ts'

try {
  loadDotEnv()
  const url = readDatabaseUrl(process.env).reveal()
  await migrate(url, { allowNewer: process.env.ALLOW_NEWER_DATABASE?.trim() === 'on' })
  console.log('The database is at this version.')
  await printFirstOwnerLink(url, process.env.APP_URL?.trim() || 'http://localhost:3000')
} catch (error) {
  if (!(error instanceof ProductError)) throw error
  console.error(error.detail)
  process.exitCode = 1
}
