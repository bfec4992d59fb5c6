/** Says where the first owner is made, where there is none and the environment names none. */
import { openDatabase } from '#db/client.ts'
import { makeFirstOwnerLink } from '#lib/auth/first-owner.ts'

export async function printFirstOwnerLink(databaseUrl: string, appUrl: string): Promise<void> {
  if (process.env.OWNER_EMAIL?.trim()) return
  const { db, close } = openDatabase(databaseUrl, { max: 1 })
  try {
    const link = await makeFirstOwnerLink(db, appUrl)
    if (link !== null) console.log(`There is no organisation yet. Create it and its owner at\n  ${link}`)
  } finally {
    await close()
  }
}
