/**
 * What a browser loads and waits for of our screens inside ConnectWise, each alone in a window, by somebody who is signed in, on the
 * demo's data. Budgets: all JavaScript of a pod until its content shows at most 1.15 times that of a page with nothing but the layout;
 * LCP 2.5 s, CLS 0.02, INP 100 ms. Screens with much to show are in `vitals`.
 */
import type { Row } from '#scripts/bench-table.ts'
import {
  AGREEMENT,
  demoOf,
  measureScreen,
  openBrowser,
  placeOf,
  pressRow,
  rowsOf,
  type Screen,
} from './stage/vitals.ts'

const MOST_JAVASCRIPT = 1.15

export default async function screensBenchmark(): Promise<Row[]> {
  await using held = new AsyncDisposableStack()
  const stack = await demoOf(held)
  const browser = await openBrowser(held)
  const { org, companyId } = await placeOf(stack, AGREEMENT)
  const token = encodeURIComponent(org)
  const ofCompany = { shown: 'text=Coho Winery', size: 'pod' } as const
  const screens: readonly Screen[] = [
    {
      name: 'agreement pod',
      path: `/pods/agreement?org=${token}&id=${AGREEMENT}&screen=agreement`,
      shown: 'text=Agrees.',
      size: 'pod',
      done: pressRow,
    },
    { name: 'company pod', path: `/pods/company?org=${token}&id=${companyId}&screen=company`, ...ofCompany },
    { name: 'company tab', path: `/tabs/company?org=${token}&id=${companyId}&screen=company`, ...ofCompany },
  ]
  const kb = (bytes: number): number => bytes / 1024
  const layout: Screen = { name: 'layout', path: '/nothing-here', shown: 'main, h1', size: 'pod' }
  const empty = await measureScreen(browser, stack, layout)
  const rows: Row[] = []
  for (const screen of screens) {
    const measured = await measureScreen(browser, stack, screen)
    rows.push(
      {
        measure: `${screen.name}, JavaScript in KB against a page of the layout alone`,
        ours: kb(measured.javaScript),
        reference: kb(empty.javaScript),
        budget: { times: MOST_JAVASCRIPT },
      },
      ...rowsOf(screen, measured),
    )
  }
  return rows
}
