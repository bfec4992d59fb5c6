/** The environment of this deployment: read once, each wrong variable named with what it should be. */
import { z } from 'zod'
import { readTrustedProxy, type TrustedProxy } from './caller-address.ts'
import { ProductError } from './errors.ts'
import { readListen, readTrustedHosts } from './host-settings.ts'
import { readKey, Secret } from './secrets.ts'
import { type AddressKind, addressProblem, isOfThisMachine } from './server-address.ts'
import { textProblem, trimmed } from './setting-text.ts'

const secret = (text: string): Secret => new Secret(text)
const wholeNumber = (least: number, most: number, usual: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= least && n <= most, `must be from ${least} to ${most}`)
    .default(usual)
const address = (what: string) =>
  z
    .string()
    .refine(
      (text) => /^https?:$/.test(protocolOf(text)),
      `must be ${what}, starting with https:// (or http://)`,
    )
    .refine((text) => !/[\s?#]|\/\/[^/]*@/.test(text), `must be ${what}, without a user, “?”, “#” and spaces`)
    .transform((text) => text.replace(/\/+$/, ''))

const serverAddress = (kind: AddressKind, unset?: string) =>
  z
    .string(unset)
    .check(({ value, issues }) => {
      const message = addressProblem(value, kind)
      if (message !== null) issues.push({ code: 'custom', input: undefined, message })
    })
    .transform(secret)

const postgres = {
  schemes: ['postgres', 'postgresql'],
  example: 'postgres://user:password@host:port/database',
} as const
const mailServer = { schemes: ['smtp', 'smtps'], example: 'smtp://user:password@host:port' } as const

/** Sent in a header, which carries neither spaces nor letters beyond English. */
const bearer = (unset?: string) =>
  z
    .string(unset)
    .min(16, 'must have at least 16 characters')
    .regex(/^[\x21-\x7e]*$/, 'must be of English letters, digits and signs, without spaces')
    .transform(secret)

const variables = z.object({
  DATABASE_URL: serverAddress(postgres, `must be set: the PostgreSQL to use, ${postgres.example}`),
  DATABASE_URL_UNPOOLED: serverAddress(postgres).optional(),
  DATABASE_POOLED: z.enum(['on', 'off'], 'must be on or off').default('off'),
  EMBEDDED_DATABASE: z.enum(['on', 'off'], 'is set by the launchers; leave it empty').default('off'),
  LISTEN: z.string().default('127.0.0.1').transform(readListen),
  PORT: wholeNumber(1, 65_535, 3000),
  APP_URL: address('the address people reach this deployment at')
    .refine(
      (text) => protocolOf(text) === 'https:' || isOfThisMachine(text),
      'must start with https:// unless it is an address of this machine (http://localhost:3000): over plain http passwords and sessions can be read on the way, and ConnectWise shows no pod',
    )
    .optional(),
  SESSION_SECRET: z
    .string('must be set: at least 32 characters that nobody can guess')
    .min(32, 'must have at least 32 characters')
    .transform(secret),
  ENCRYPTION_KEY: z
    .string('must be set: 32 bytes in base64, e.g. from `openssl rand -base64 32`')
    .transform((text) => text.split(',').map((key) => readKey(key.trim())))
    .refine(
      (keys) => keys.every((key) => key !== null),
      'must be 32 bytes in base64 (older keys after a comma)',
    )
    .transform((keys) => keys.filter((key) => key !== null).map((key) => secret(key.toString('base64')))),
  CRON_SECRET: bearer('must be set: the bearer secret of /api/cron/sync, at least 16 characters'),
  OPERATOR_SECRET: bearer().optional(),
  METRICS_TOKEN: bearer().optional(),
  SELF_SIGN_UP: z.enum(['on', 'off'], 'must be on or off').default('on'),
  PRISM_SIGN_IN_CLIENT_ID: z.string().optional(),
  PRISM_SIGN_IN_CLIENT_SECRET: z.string().transform(secret).optional(),
  SMTP_URL: serverAddress(mailServer).optional(),
  MAIL_FROM: z.string().includes('@', { error: 'must be an e-mail address' }).optional(),
  OPERATIONS_EMAIL: z.email('must be an e-mail address').default('operations@rhipe.com'),
  CONNECTWISE_CLIENT_ID: z.guid('must be the GUID from developer.connectwise.com').optional(),
  PRISM_API_URL: address("the address of PRISM's API").default('https://api.prismportal.online'),
  PRISM_IDENTITY_URL: address("the address of PRISM's identity server").default(
    'https://identity.prismportal.online',
  ),
  TRUSTED_HOSTS: z.string().default('').transform(readTrustedHosts),
  TRUSTED_PROXY: z
    .string()
    .transform(readTrustedProxy)
    .refine(
      (proxy) => proxy !== null,
      'must list addresses or networks (10.0.0.0/8), or be a number of proxies, 1 to 10',
    )
    .optional(),
  CONNECTWISE_REQUESTS_PER_MINUTE: wholeNumber(1, 100_000, 400),
  CONNECTWISE_PARALLEL: wholeNumber(1, 64, 8),
  CONNECTWISE_TIMEOUT_MS: wholeNumber(100, 600_000, 20_000),
  OWNER_EMAIL: z.string().includes('@', { error: 'must be an e-mail address' }).optional(),
  OWNER_PASSWORD: z.string().min(8, 'must have at least 8 characters').transform(secret).optional(),
  DATA_DIR: z.string().default('.data'),
  ALLOW_NEWER_DATABASE: z.enum(['on', 'off'], 'must be on or off').default('off'),
})

/** As .env.example and docs/configuration.md list them. */
export const variableNames: readonly string[] = Object.keys(variables.shape)

const pairs = [
  ['OWNER_EMAIL', 'OWNER_PASSWORD'],
  ['SMTP_URL', 'MAIL_FROM'],
  ['PRISM_SIGN_IN_CLIENT_ID', 'PRISM_SIGN_IN_CLIENT_SECRET'],
] as const

/** One known to a scheduler must not also open sessions or create organisations. */
const different = [
  'SESSION_SECRET',
  'ENCRYPTION_KEY',
  'CRON_SECRET',
  'OPERATOR_SECRET',
  'METRICS_TOKEN',
] as const

export interface Environment {
  readonly databaseUrl: Secret
  /** For what keeps a connection to itself: migrations, backups. The same where no pooler is in front. */
  readonly unpooledDatabaseUrl: Secret
  /** A pooler is in front that gives every transaction another connection, which knows no prepared statements. */
  readonly databasePooled: boolean
  /** A launcher started the database, and starts it again where it dies. */
  readonly embeddedDatabase: boolean
  /** The address that a launcher has the app listen on. */
  readonly listen: string
  readonly port: number
  /** Without a slash at the end. */
  readonly appUrl: string
  readonly sessionSecret: Secret
  /** Base64 of 32 bytes each; the first seals, all open. */
  readonly encryptionKeys: readonly Secret[]
  readonly cronSecret: Secret
  /** Bearer secret of whoever runs this deployment; `null`: nobody creates organisations by the API. */
  readonly operatorSecret: Secret | null
  /** Bearer secret of what watches this deployment; `null`: nobody reads its figures. */
  readonly metricsToken: Secret | null
  /** Whether the first person of a PRISM partner unknown here creates its organisation (B6). */
  readonly selfSignUp: boolean
  /** This product at PRISM's identity server; `null`: nobody signs in with PRISM. */
  readonly prismSignIn: { readonly clientId: string; readonly clientSecret: Secret } | null
  /** Where mail goes out; `null`: none is sent. */
  readonly mail: { readonly smtpUrl: Secret; readonly from: string } | null
  /** Where people are sent with what this product cannot settle (G3). */
  readonly operationsEmail: string
  readonly connectWiseClientId: string | null
  readonly prismApiUrl: string
  readonly prismIdentityUrl: string
  /** `host:port` in lower case. */
  readonly trustedHosts: ReadonlySet<string>
  /** Whose `X-Forwarded-For` is believed; `null`: nobody's. */
  readonly trustedProxy: TrustedProxy | null
  /** Whether Vercel runs this process, whose own headers then name the caller. */
  readonly isOnVercel: boolean
  readonly connectWiseRequestsPerMinute: number
  readonly connectWiseParallel: number
  readonly connectWiseTimeoutMs: number
  readonly owner: { readonly email: string; readonly password: Secret } | null
  readonly dataDir: string
  /** Whether this version may run on the database of a later one, after a step back. */
  readonly allowNewerDatabase: boolean
}

type Source = Readonly<Record<string, string | undefined>>

const isVariable = (name: string): boolean => Object.hasOwn(variables.shape, name)
/** Their entries may stand on lines of their own. */
const lists: readonly string[] = ['ENCRYPTION_KEY', 'TRUSTED_HOSTS']

/** The environment with our variables trimmed, and without those that are empty then; others stay as they are. */
export function trimmedEnvironment(source: Source): Record<string, string> {
  const entries = Object.entries(source).flatMap(([name, value = '']): [string, string][] => {
    if (!isVariable(name)) return [[name, value]]
    const text = lists.includes(name) ? trimmed(value).replace(/[\r\n\t]+/g, ' ') : trimmed(value)
    return text === '' ? [] : [[name, text]]
  })
  return Object.fromEntries(entries)
}

/**
 * Reads the variables, without the spaces around them; throws `environment-invalid` that names every wrong one. An empty
 * variable is one not set.
 */
export function readEnv(source: Source): Environment {
  const set = Object.fromEntries(
    Object.entries(trimmedEnvironment(source)).filter(([name]) => isVariable(name)),
  )
  const unreadable = Object.entries(set).flatMap(([name, value]) => {
    const problem = textProblem(value)
    return problem === null ? [] : [{ name, problem }]
  })
  const wrong = unreadable.map(({ name, problem }) => `${name} ${problem}`)
  for (const [a, b] of pairs)
    if ((set[a] === undefined) !== (set[b] === undefined)) wrong.push(`${a} and ${b} must be set together`)
  for (const [index, a] of different.entries())
    for (const b of different.slice(index + 1))
      if (set[a] !== undefined && set[a] === set[b]) wrong.push(`${a} and ${b} must not be the same`)
  // Vercel's own word for itself, and so no variable of ours.
  const isOnVercel = source['VERCEL'] === '1'
  // The usual one would be localhost, which leads nobody there.
  if (isOnVercel && set['APP_URL'] === undefined)
    wrong.push('APP_URL must be set: the https:// address people reach this deployment at')
  if (set['DATABASE_POOLED'] === 'on' && set['DATABASE_URL_UNPOOLED'] === undefined)
    wrong.push(
      'DATABASE_URL_UNPOOLED must be set where DATABASE_POOLED is on: migrations and backups need a connection of their own',
    )
  const parsed = variables.safeParse(set)
  // What is said of its text says enough.
  for (const { path, message } of parsed.error?.issues ?? [])
    if (!unreadable.some(({ name }) => name === path[0])) wrong.push(`${path.join('.')} ${message}`)
  if (!parsed.success || wrong.length > 0) throw new ProductError('environment-invalid', wrong.join('\n'))
  return toEnvironment(parsed.data, isOnVercel)
}

/** The database for what needs no other variable, past a pooler where that is named. Throws `environment-invalid`. */
export function readDatabaseUrl(source: Source): Secret {
  const { DATABASE_URL, DATABASE_URL_UNPOOLED: unpooled } = trimmedEnvironment(source)
  const name = unpooled === undefined ? 'DATABASE_URL' : 'DATABASE_URL_UNPOOLED'
  const text = unpooled ?? DATABASE_URL
  const read = variables.shape.DATABASE_URL.safeParse(text)
  const problem = textProblem(text ?? '') ?? read.error?.issues[0]?.message
  if (problem !== undefined) throw new ProductError('environment-invalid', `${name} ${problem}`)
  return read.data as Secret
}

function toEnvironment(read: z.infer<typeof variables>, isOnVercel: boolean): Environment {
  return {
    databaseUrl: read.DATABASE_URL,
    unpooledDatabaseUrl: read.DATABASE_URL_UNPOOLED ?? read.DATABASE_URL,
    databasePooled: read.DATABASE_POOLED === 'on',
    embeddedDatabase: read.EMBEDDED_DATABASE === 'on',
    listen: read.LISTEN,
    port: read.PORT,
    appUrl: read.APP_URL ?? `http://localhost:${read.PORT}`,
    sessionSecret: read.SESSION_SECRET,
    encryptionKeys: read.ENCRYPTION_KEY,
    cronSecret: read.CRON_SECRET,
    operatorSecret: read.OPERATOR_SECRET ?? null,
    metricsToken: read.METRICS_TOKEN ?? null,
    selfSignUp: read.SELF_SIGN_UP === 'on',
    prismSignIn:
      read.PRISM_SIGN_IN_CLIENT_ID === undefined || read.PRISM_SIGN_IN_CLIENT_SECRET === undefined
        ? null
        : { clientId: read.PRISM_SIGN_IN_CLIENT_ID, clientSecret: read.PRISM_SIGN_IN_CLIENT_SECRET },
    mail:
      read.SMTP_URL === undefined || read.MAIL_FROM === undefined
        ? null
        : { smtpUrl: read.SMTP_URL, from: read.MAIL_FROM },
    operationsEmail: read.OPERATIONS_EMAIL,
    connectWiseClientId: read.CONNECTWISE_CLIENT_ID ?? null,
    prismApiUrl: read.PRISM_API_URL,
    prismIdentityUrl: read.PRISM_IDENTITY_URL,
    trustedHosts: read.TRUSTED_HOSTS,
    trustedProxy: read.TRUSTED_PROXY ?? null,
    isOnVercel,
    connectWiseRequestsPerMinute: read.CONNECTWISE_REQUESTS_PER_MINUTE,
    connectWiseParallel: read.CONNECTWISE_PARALLEL,
    connectWiseTimeoutMs: read.CONNECTWISE_TIMEOUT_MS,
    owner:
      read.OWNER_EMAIL === undefined || read.OWNER_PASSWORD === undefined
        ? null
        : { email: read.OWNER_EMAIL, password: read.OWNER_PASSWORD },
    dataDir: read.DATA_DIR,
    allowNewerDatabase: read.ALLOW_NEWER_DATABASE === 'on',
  }
}

let environment: Environment | undefined

/** The environment of this process, read at the first call. */
export function env(): Environment {
  environment ??= readEnv(process.env)
  return environment
}

function protocolOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol : ''
}
