/** Says where the first owner is made, where there is none and the environment names none. */
import { openDatabase } from '#db/client.ts'
import { makeFirstOwnerLink, requireStrongOwner } from '#lib/auth/first-owner.ts'
import { trimmedEnvironment } from '#lib/base/env.ts'
import { Secret } from '#lib/base/secrets.ts'

/** Throws `environment-invalid` where the environment names an owner whose password is among those that are tried first. */
export async function printFirstOwnerLink(databaseUrl: string, appUrl: string): Promise<void> {
  const { OWNER_EMAIL: email, OWNER_PASSWORD: password } = trimmedEnvironment(process.env)
  const { db, close } = openDatabase(databaseUrl, { max: 1 })
  try {
    if (email !== undefined) {
      if (password !== undefined) await requireStrongOwner(db, { email, password: new Secret(password) })
      return
    }
    const link = await makeFirstOwnerLink(db, appUrl)
    if (link !== null) console.log(`There is no organisation yet. Create it and its owner at\n  ${link}`)
  } finally {
    await close()
  }
}
