/**
 * `npm run verify-instance`: which of the rules that no source states hold on a ConnectWise (J13). It reads, and writes nothing there.
 * The connection is that of an organisation in the database (`-- --organisation <id>`, needed where there are several), whose answers are
 * kept; or that of CONNECTWISE_SITE, CONNECTWISE_COMPANY_ID, CONNECTWISE_PUBLIC_KEY, CONNECTWISE_PRIVATE_KEY and CONNECTWISE_CLIENT_ID, of
 * which nothing is kept. `--json` gives JSON, `--agreements` how many are looked at at most.
 */
import { parseArgs } from 'node:util'
import { openDatabase } from '#db/client.ts'
import { organisation, organisationIds } from '#db/directory/organisations.ts'
import { env } from '#lib/base/env.ts'
import { ProductError } from '#lib/base/errors.ts'
import { createGuard } from '#lib/base/guarded-fetch.ts'
import { createSealer, readKey, Secret } from '#lib/base/secrets.ts'
import { createConnectWiseClient } from '#lib/connectwise/client.ts'
import { discoverCodebase } from '#lib/connectwise/site.ts'
import { type Verified, verify } from '#lib/invoicing/verify.ts'
import { verifyOrganisation } from '#lib/invoicing/verify-organisation.ts'
import { ruleTexts } from '#lib/proof/rule-texts.ts'
import { openConnectWiseConnection } from '#lib/setup/stored-connections.ts'

const PROGRAM = 'microsoft-csp'
const INVOICES = 12
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    organisation: { type: 'string' },
    agreements: { type: 'string', default: '50' },
  },
})
const most = Number(values.agreements)
const onProgress = (done: number, total: number): void => {
  if (!values.json && process.stderr.isTTY) process.stderr.write(`\r${done} of ${total} agreements`)
}

interface Keys {
  readonly site: string
  readonly companyId: string
  readonly publicKey: string
  readonly privateKey: Secret
  readonly clientId: string
}

const clientOf = async (keys: Keys, trusted: ReadonlySet<string>) => {
  const guard = createGuard({ trustedHosts: trusted })
  const { codebase } = await discoverCodebase({ site: keys.site, companyId: keys.companyId, guard })
  return createConnectWiseClient({ ...keys, codebase, guard, parallel: 4 })
}

/** Of somebody who has no organisation here; `null` where the environment names no ConnectWise. */
const keysOfStranger = (): Keys | null => {
  const of = (name: string): string => process.env[`CONNECTWISE_${name}`] ?? ''
  const [site, companyId, publicKey] = ['SITE', 'COMPANY_ID', 'PUBLIC_KEY'].map(of) as [
    string,
    string,
    string,
  ]
  if (site === '') return null
  const missing = ['COMPANY_ID', 'PUBLIC_KEY', 'PRIVATE_KEY', 'CLIENT_ID'].filter((name) => of(name) === '')
  if (missing.length > 0)
    throw new ProductError(
      'request-invalid',
      `Set ${missing.map((name) => `CONNECTWISE_${name}`).join(', ')}, too.`,
    )
  return { site, companyId, publicKey, privateKey: new Secret(of('PRIVATE_KEY')), clientId: of('CLIENT_ID') }
}

const ofStranger = async (keys: Keys): Promise<Verified> => {
  const trusted = new Set((process.env['TRUSTED_HOSTS'] ?? '').split(',').map((host) => host.trim()))
  const connectWise = await clientOf(keys, trusted)
  return verify({ connectWise, agreementIds: null, most, invoices: INVOICES, onProgress })
}

const ofOrganisation = async (): Promise<Verified> => {
  const { databaseUrl, encryptionKeys, connectWiseClientId, trustedHosts } = env()
  const keys = encryptionKeys.map((key) => readKey(key.reveal())).filter((key) => key !== null)
  const { db, close } = openDatabase(databaseUrl.reveal(), { max: 2 })
  try {
    const found = await Promise.all((await organisationIds(db)).map((id) => organisation(db, id)))
    const all = found.filter((each) => each !== null)
    const asked = values.organisation
    const chosen = asked === undefined ? all : all.filter(({ id, name }) => id === asked || name === asked)
    const [only, another] = chosen
    if (only === undefined || another !== undefined)
      throw new ProductError(
        'request-invalid',
        `Say which organisation: --organisation <id>. There are: ${all.map(({ id, name }) => `${name} (${id})`).join(', ') || 'none'}.`,
      )
    const stored = { db, sealer: createSealer(keys), organisationId: only.id }
    const { settings, secret } = await openConnectWiseConnection(stored)
    const clientId = settings.clientId ?? connectWiseClientId ?? ''
    const connectWise = await clientOf({ ...settings, privateKey: secret, clientId }, trustedHosts)
    const ctx = { db, organisationId: only.id, program: PROGRAM, connectWise, now: () => new Date() }
    return await verifyOrganisation(ctx, { most, invoices: INVOICES, onProgress })
  } finally {
    await close()
  }
}

const VERDICTS = { holds: 'holds', fails: 'does not hold', unknown: 'cannot tell' } as const

const show = ({ rules, agreements, invoices, mayRead }: Verified): void => {
  console.log(`${invoices} invoices of ${agreements} agreements were looked at.`)
  if (!mayRead)
    console.log('The API member’s role may not read invoices: give it Finance / Invoicing, Inquire.')
  for (const { rule, verdict, holds, fails, examples } of rules) {
    const { says, needs } = ruleTexts[rule]
    console.log(`\n${VERDICTS[verdict].padEnd(14)} ${says}`)
    const told = [...(holds > 0 ? [`${holds} for it`] : []), ...(fails > 0 ? [`${fails} against it`] : [])]
    if (told.length > 0) console.log(`${' '.repeat(15)}${told.join(', ')}: ${examples.join('; ')}`)
    else console.log(`${' '.repeat(15)}needed: ${needs}`)
  }
}

try {
  const stranger = keysOfStranger()
  const verified = stranger === null ? await ofOrganisation() : await ofStranger(stranger)
  if (values.json) console.log(JSON.stringify(verified, null, 2))
  else show(verified)
} catch (error) {
  if (!(error instanceof ProductError)) throw error
  console.error(error.detail)
  process.exitCode = 1
}
