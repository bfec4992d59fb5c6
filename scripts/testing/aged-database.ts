/** A database in which time has passed, as far as what is kept for a time alone goes. */
import pg from 'pg'

/** Every sign-in was three years ago, and what is kept is to be looked through now, plans too. */
export async function ageDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`UPDATE audit_events SET at = at - interval '3 years' WHERE action = 'sign-in'`)
    await client.query(`UPDATE organisations SET removals_due_at = now(), packs_from = now()`)
  } finally {
    await client.end()
  }
}
