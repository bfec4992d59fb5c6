/** `npm run migrate`, and the first step of a deployment: brings the database of DATABASE_URL to this version's schema. */
import { migrate } from '#db/migrate.ts'
import { printFirstOwnerLink } from './first-owner-link.ts'

const url = process.env.DATABASE_URL
if (!url) {
  console.error(
    'DATABASE_URL is not set: the PostgreSQL to migrate, postgres://user:password@host:port/database',
  )
  process.exit(1)
}
await migrate(url)
console.log('The database is at this version.')
await printFirstOwnerLink(url, process.env.APP_URL || 'http://localhost:3000')
