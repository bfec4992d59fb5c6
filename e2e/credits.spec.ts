/** An invoice with a credit waits, says what picking it writes, and once it is picked the pod shows the credit (F1). */
import { type APIRequestContext, expect } from '@playwright/test'
import { demoMappings, programName, subscriptionId, tenantId } from '../standin/data/index.ts'
import { expectNoFinding } from './accessible.ts'
import { addressOf, agreementScreen, podOf } from './screens.ts'
import { app, signIn } from './site.ts'
import { test } from './test.ts'

const CUSTOMER = 'alpine'
const agreementId = demoMappings().find((each) => each.tenantId === tenantId(CUSTOMER))?.agreementId ?? 0

const prism = (path: string): string => `${addressOf('prism')}/control${path}`

/** What the scheduled call does. */
async function look(request: APIRequestContext): Promise<void> {
  const headers = { authorization: `Bearer ${process.env['CRON_SECRET']}` }
  for (let calls = 0; calls < 10; calls += 1) {
    const answer = await request.get(app('/api/cron/sync'), { headers, timeout: 55_000 })
    if (((await answer.json()) as { jobsLeft: number }).jobsLeft === 0) return
  }
}

interface Issued {
  readonly InvoiceId: number
  readonly ProgramName: string
  readonly UsageYear: number
  readonly UsageMonth: number
}

/** The newest month of this year, issued again with a credit; the new invoice's id. */
async function issueWithCredit(request: APIRequestContext): Promise<string> {
  const { invoices } = (await (await request.get(prism('/state'))).json()) as { invoices: Issued[] }
  const standard = invoices.filter((each) => each.ProgramName === programName && each.UsageYear === 2026)
  const last = standard.toSorted((a, b) => a.UsageMonth - b.UsageMonth).at(-1)
  const lines = [
    {
      subscriptionId: subscriptionId(`${CUSTOMER}/premium`),
      first: '2026-03-01',
      last: '2026-03-24',
      subTotal: '-33.00',
      subTotalRrp: '-41.20',
      description: 'Seats given back',
    },
  ]
  const answer = await request.post(prism(`/invoices/${last?.InvoiceId}/adjustments`), { data: { lines } })
  return String(((await answer.json()) as Issued).InvoiceId)
}

test('a held invoice says what its credit becomes, and once it is picked the pod shows it [F1]', async ({
  page,
  request,
}) => {
  const id = await issueWithCredit(request)
  await look(request)
  await signIn(page)
  await page.goto(app('/todo'))
  const written = 'If it is used, 1 credit or adjustment, −A$41.20 in all, is written on 1 agreement'
  const use = page.getByRole('button', { name: new RegExp(`^Use this one: Invoice ${id}`) })
  await expect(page.getByRole('listitem').filter({ has: use })).toContainText(written)
  await use.click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(written)
  await expectNoFinding(page)
  const typed = dialog.getByRole('textbox')
  if ((await typed.count()) > 0) {
    const amount = /A\$([\d,.]+\d)/.exec((await dialog.textContent()) ?? '')?.[1] ?? ''
    await typed.fill(amount)
  }
  await dialog.getByRole('button', { name: 'Use this one' }).click()
  await expect(dialog).toHaveCount(0)
  await look(request)

  await page.goto(agreementScreen(agreementId))
  const pod = await podOf(page)
  await expect(
    pod.getByText('Credits and adjustments among them: −A$41.20 invoiced, −A$41.20 billed.'),
  ).toBeVisible()
  await expect(pod.getByText('Agrees.')).toBeVisible()
  await pod.getByRole('button', { name: /credits and adjustments, given back/ }).click()
  await expect(pod.getByText(/Credit: .*1 Mar 2026 to 24 Mar 2026.*Seats given back/)).toBeVisible()
})
