/** `npm run reset-second-factor -- <e-mail>`: takes the second factor off somebody whom no owner can help, and ends their sessions. */
import { openDatabase } from '#db/client.ts'
import { resetFactorsOf } from '#lib/auth/second-factor.ts'
import { ProductError } from '#lib/base/errors.ts'
import { asOperator } from './deployment.ts'

await asOperator(async ({ databaseUrl }) => {
  const [email, ...more] = process.argv.slice(2)
  if (email === undefined || more.length > 0)
    throw new ProductError(
      'request-invalid',
      'Name one address: npm run reset-second-factor -- ann@msp.example',
    )
  const { db, close } = openDatabase(databaseUrl, { max: 1 })
  try {
    const taken = await resetFactorsOf(db, email)
    if (taken === 0)
      throw new ProductError('not-found', `Nobody with the address ${email} has a second factor.`)
    console.log(
      `The second factor of ${email} was taken off. They sign in with the password, and set up another.`,
    )
  } finally {
    await close()
  }
})
