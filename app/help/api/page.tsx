import type { Contract } from '#app/contracts/contract.ts'
import { jsonSchemaOf } from '#app/contracts/json-schemas.ts'
import { about, subjects } from '#app/contracts/table.ts'
import { server } from '#app/process/process.ts'
import table from '#app/ui/kit/table.module.css'
import { type Action, mayDo, personRoles } from '#lib/auth/actions.ts'
import styles from '../help.module.css'
import own from './api.module.css'

export const metadata = { title: 'The API · Prism Pod' }

/** A file, and no page. */
const DOCUMENT = '/api/openapi.json'

const GATES: Readonly<Record<string, string>> = {
  open: 'everybody',
  'cron-secret': 'the schedule, by CRON_SECRET',
  'operator-secret': 'the operator, by OPERATOR_SECRET',
  'metrics-token': 'what watches the deployment, by METRICS_TOKEN',
}

/** The API for whoever writes a program: the same table of contracts that the document is made of. */
export default function ApiPage() {
  const { appUrl } = server().env
  return (
    <article>
      <h1>The API</h1>
      <p className={styles['lead']}>
        What the pages of Prism Pod use themselves, as an <a href={DOCUMENT}>OpenAPI document</a> too. An
        owner makes a token under Settings, API tokens; it is sent as a bearer. Errors are problem details
        (RFC 9457) with a stable code.
      </p>
      <pre className={own['code']}>{exampleOf(appUrl, 'GET', '/api/programs/microsoft-csp/customers')}</pre>
      {Object.entries(subjects).map(([subject, rows]) => (
        <section key={subject} aria-label={about[subject as keyof typeof about]}>
          <h2>{about[subject as keyof typeof about]}</h2>
          <ul className={[table['panel'], styles['list']].join(' ')}>
            {(Object.entries(rows) as [string, Contract][]).map(([endpoint, contract]) => (
              <Operation key={endpoint} endpoint={endpoint} contract={contract} appUrl={appUrl} />
            ))}
          </ul>
        </section>
      ))}
    </article>
  )
}

function Operation({ endpoint, contract, appUrl }: { endpoint: string; contract: Contract; appUrl: string }) {
  const { does, access, query, body } = contract
  const [method = '', path = ''] = endpoint.split(' ')
  return (
    <li>
      <details>
        <summary>
          <code>{endpoint}</code>
          <span>{does}</span>
        </summary>
        <p>For {whoMay(access)}.</p>
        <pre className={own['code']}>{exampleOf(appUrl, method, path, body !== undefined)}</pre>
        {query === undefined ? null : <Shape title="Query" schema={query} />}
        {body === undefined ? null : <Shape title="Body" schema={body} />}
      </details>
    </li>
  )
}

function Shape({ title, schema }: { title: string; schema: NonNullable<Contract['body']> }) {
  const { properties = {}, required = [] } = jsonSchemaOf(schema, 'input')
  return (
    <>
      <h3>{title}</h3>
      <pre className={own['code']}>{JSON.stringify({ properties, required }, null, 2)}</pre>
    </>
  )
}

const whoMay = (access: Contract['access']): string =>
  GATES[access] ?? personRoles.filter((role) => mayDo(role, access as Action)).join(', ')

/** As a shell takes it; a token is read from the environment, so that it stays out of the history. */
const exampleOf = (appUrl: string, method: string, path: string, hasBody = false): string =>
  [
    `curl ${method === 'GET' ? '' : `-X ${method} `}'${appUrl}${path}'`,
    `  -H "Authorization: Bearer $PRISM_POD_TOKEN"`,
    ...(hasBody ? ["  -H 'Content-Type: application/json'", "  -d '{ … }'"] : []),
  ].join(' \\\n')
