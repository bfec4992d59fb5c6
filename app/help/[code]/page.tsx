import { notFound } from 'next/navigation'
import { pathText } from '#app/http/search-params.ts'
import { server } from '#app/process/process.ts'
import { helpPage } from '#lib/help/help-pages.ts'
import styles from '../help.module.css'
import { SEVERITIES } from '../severities.ts'

type Params = Promise<{ readonly code: string }>

const pageOf = async (params: Params) => {
  const code = pathText((await params).code)
  const page = code === null ? null : helpPage(code)
  if (page === null) notFound()
  return page
}

export const generateMetadata = async ({ params }: { params: Params }) => ({
  title: `${(await pageOf(params)).title} · Prism Pod`,
})

/** One message (G3). */
export default async function HelpMessagePage({ params }: { params: Params }) {
  const { title, severity, means, meanwhile, steps } = await pageOf(params)
  const { operationsEmail } = server().env
  return (
    <article>
      <p className={styles['lead']}>{SEVERITIES[severity]}</p>
      <h1>{title}</h1>
      {means === '' ? null : <Part title="What it means">{means}</Part>}
      {meanwhile === '' ? null : <Part title="What was done">{meanwhile}</Part>}
      <section className={styles['part']}>
        <h2>What to do</h2>
        {steps.length === 0 ? (
          <p>Nothing.</p>
        ) : (
          <ol>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        )}
      </section>
      <p className={styles['ask']}>
        If that does not help, write to rhipe operations,{' '}
        <a href={`mailto:${operationsEmail}`}>{operationsEmail}</a>, with the message as it is shown and its
        reference where it has one.
      </p>
    </article>
  )
}

function Part({ title, children }: { title: string; children: string }) {
  return (
    <section className={styles['part']}>
      <h2>{title}</h2>
      <p>{children}</p>
    </section>
  )
}
