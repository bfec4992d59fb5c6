/** The facts that reading alone can show (docs/facts/connectwise.md). About 58 requests. */
import { expect } from 'vitest'
import {
  confirm,
  type Fact,
  fact,
  type Json,
  observed,
  rowsOf,
  type Seen,
  type Site,
} from './connectwise-site.ts'

const companies = 'company/companies'
const query = (parts: Record<string, string>) => `?${new URLSearchParams(parts)}`
const get = (site: Site, path: string, headers: Record<string, string | null> = {}) =>
  site.ask('GET', path, { headers })
/** The first company, asked for once: a real instance is spared. */
const firstOf = new WeakMap<Site, Promise<Json>>()
const some = (site: Site): Promise<Json> => {
  const asked = firstOf.get(site) ?? first(site)
  firstOf.set(site, asked)
  return asked
}
const first = async (site: Site): Promise<Json> => {
  const [row] = rowsOf(await get(site, companies + query({ pageSize: '1' })))
  if (row === undefined) throw new Error('The suite needs one company at least.')
  return row
}
const idsFor = async (site: Site, conditions: string) =>
  rowsOf(await get(site, companies + query({ conditions, fields: 'id', pageSize: '1000' }))).map(
    ({ id }) => id,
  )
const expectBadRequest = (seen: Seen) => {
  expect(seen.status, observed(seen)).toBe(400)
  expect(Object.keys(seen.body as Json)).toEqual(expect.arrayContaining(['code', 'message']))
}

/** A condition made of the first company's own values, and whether that company must be found by it. */
const operators: readonly (readonly [string, (id: number, name: string) => string, boolean])[] = [
  ['=', (id) => `id=${id}`, true],
  ['!=', (id) => `id!=${id}`, false],
  ['< and >', (id) => `id>${id - 1} and id<${id + 1}`, true],
  ['<= and >=, parentheses, or', (id) => `(id<=${id} and id>=${id}) or id=0`, true],
  ['in', (id) => `id in (${id},0)`, true],
  ['not', (id) => `id=${id} and not id=${id}`, false],
  ['contains', (id, name) => `id=${id} and name contains "${name.slice(0, 3)}"`, true],
  ['like with *', (id, name) => `id=${id} and name like "${name.slice(0, 3)}*"`, true],
  ['like with %', (id, name) => `id=${id} and name like '${name.slice(0, 3)}%'`, true],
  ['a boolean', (id) => `id=${id} and (deletedFlag=True or deletedFlag=False)`, true],
  ['!= null', (id) => `id=${id} and name != null`, true],
  ['= null', (id) => `id=${id} and name = null`, false],
  ['a date-time', (id) => `id=${id} and _info/lastUpdated > [1990-01-01T00:00:00Z]`, true],
]

export const readingFacts: readonly Fact[] = [
  fact('seen', 'company info names the codebase, which ends with a slash (2)', async (site) => {
    const { body } = await get(site, `/login/companyinfo/${site.keys.company}`, {
      authorization: null,
      clientId: null,
    })
    expect((body as Json).Codebase).toMatch(/^[^/]+\/$/)
    expect(body).toHaveProperty('CompanyID')
  }),
  fact('seen', 'an unknown company answers JSON null (2)', async (site) => {
    const seen = await get(site, '/login/companyinfo/nosuchcompany0', { authorization: null, clientId: null })
    expect(seen.body, observed(seen)).toBeNull()
  }),
  fact('seen', 'wrong keys are refused with 401, or 404 on cloud (3)', async (site) => {
    const wrong = `Basic ${Buffer.from(`${site.keys.company}+no:no`).toString('base64')}`
    expect([401, 404]).toContain((await get(site, companies, { authorization: wrong })).status)
  }),
  fact('inferred', 'a missing clientId is refused with 401 or 403 (3)', async (site) => {
    const seen = await get(site, companies, { clientId: null })
    confirm([401, 403].includes(seen.status), '401 or 403', observed(seen))
  }),
  fact('seen', 'a page has 25 records where nothing is asked (6)', async (site) => {
    const { count } = (await get(site, `${companies}/count`)).body as { count: number }
    expect(rowsOf(await get(site, companies))).toHaveLength(Math.min(25, count))
  }),
  fact('seen', 'a page has 1000 records at most, silently (6)', async (site) => {
    const { count } = (await get(site, `${companies}/count`)).body as { count: number }
    expect(rowsOf(await get(site, companies + query({ fields: 'id', pageSize: '1500' })))).toHaveLength(
      Math.min(1000, count),
    )
  }),
  fact('seen', 'a page past the end is empty (6)', async (site) => {
    expect(rowsOf(await get(site, companies + query({ page: '99999' })))).toEqual([])
  }),
  fact('seen', 'Link names next and last only where there are more pages (6)', async (site) => {
    const { headers } = await get(site, 'finance/billingCycles' + query({ pageSize: '1' }))
    expect(headers.get('link')).toMatch(/<[^>]+>; rel="next".*rel="last"/)
  }),
  fact('inferred', 'Link names first and prev after the first page (6)', async (site) => {
    const { headers } = await get(site, 'finance/billingCycles' + query({ pageSize: '1', page: '2' }))
    const link = headers.get('link') ?? ''
    confirm(/rel="first"/.test(link) && /rel="prev"/.test(link), 'first and prev', link)
  }),
  fact('seen', 'a billing cycle says how often it bills by one of eight words (9)', async (site) => {
    const words = 'BiMonthly BiWeekly Monthly NotRecurring Quarterly SemiAnnual Weekly Yearly'.split(' ')
    for (const { billingOptions } of rowsOf(
      await get(site, 'finance/billingCycles' + query({ pageSize: '1000' })),
    ))
      expect(words).toContain(billingOptions)
  }),
  fact('seen', 'forward-only pages refuse orderBy (6)', async (site) => {
    const path = 'finance/billingCycles' + query({ pageSize: '1', pageId: '0', orderBy: 'id desc' })
    expectBadRequest(await get(site, path, { 'pagination-type': 'forward-only' }))
  }),
  fact('seen', 'dates in conditions are in square brackets, with or without a time (6)', async (site) => {
    const row = await some(site)
    const at = String((row._info as Json).lastUpdated)
    for (const date of [at.slice(0, 10), `${at.slice(0, 10)}T00:00:00Z`]) {
      const conditions = `id=${Number(row.id)} and _info/lastUpdated>=[${date}]`
      expect(rowsOf(await get(site, companies + query({ conditions }))).map(({ id }) => id)).toEqual([row.id])
    }
  }),
  fact('inferred', '!= and negations leave out records without the value (6)', async (site) => {
    const count = async (conditions: string) =>
      ((await get(site, `${companies}/count${query({ conditions })}`)).body as { count: number }).count
    const [all, none, other, negated] = [
      await count('id>0'),
      await count('website=null'),
      await count('website!="x.example"'),
      await count('not website="x.example"'),
    ]
    const exactly = await count('website="x.example"')
    confirm(other === all - none - exactly && negated === other, 'as SQL counts', {
      all,
      none,
      other,
      negated,
      exactly,
    })
  }),
  fact(
    'seen',
    'a forward-only walk reaches what numbered pages do and ends with an empty or no Link (6)',
    async (site) => {
      const all = rowsOf(await get(site, 'finance/billingCycles' + query({ pageSize: '1000' }))).map(
        ({ id }) => id,
      )
      const size = String(Math.max(1, Math.ceil(all.length / 3)))
      const walked: unknown[] = []
      let pageId = '0'
      for (let page = 0; page < 5; page++) {
        const path = 'finance/billingCycles' + query({ pageSize: size, pageId })
        const seen = await get(site, path, { 'pagination-type': 'forward-only' })
        walked.push(...rowsOf(seen).map(({ id }) => id))
        const next = /[?&]pageId=(\d+)/i.exec(seen.headers.get('link') ?? '')?.[1]
        if (next === undefined || rowsOf(seen).length === 0) break
        pageId = next
      }
      expect(new Set(walked)).toEqual(new Set(all))
      expect(walked).toHaveLength(all.length)
    },
  ),
  ...operators.map(([name, condition, found]) =>
    fact('seen', `conditions know ${name} (6)`, async (site) => {
      const row = await some(site)
      const ids = await idsFor(site, condition(Number(row.id), String(row.name).replaceAll(/["'*%].*/g, '')))
      expect(ids.includes(row.id)).toBe(found)
    }),
  ),
  fact('seen', 'conditions follow references (6)', async (site) => {
    const [one] = rowsOf(await get(site, `finance/agreements${query({ pageSize: '1' })}`))
    if (one === undefined) throw new Error('The suite needs one agreement at least')
    const { id } = one.company as { id: number }
    const found = rowsOf(
      await get(site, `finance/agreements${query({ conditions: `company/id=${id}`, pageSize: '1000' })}`),
    )
    expect(found.map((row) => row.id)).toContain(one.id)
    for (const row of found) expect((row.company as { id: number }).id).toBe(id)
  }),
  fact('seen', 'bad conditions are a 400 that explains how values are written (6)', async (site) => {
    const seen = await get(site, companies + query({ conditions: 'deletedFlag=1' }))
    expectBadRequest(seen)
    expect(seen.text).toContain('String values should be enclosed')
  }),
  fact('seen', 'fields leaves all else out, _info too (6)', async (site) => {
    const [row] = rowsOf(await get(site, companies + query({ fields: 'id,name', pageSize: '1' })))
    expect(Object.keys(row ?? {}).toSorted()).toEqual(['id', 'name'])
  }),
  fact('seen', 'an unknown field is a 400 (6)', async (site) => {
    expectBadRequest(await get(site, companies + query({ fields: 'id,nosuchfield' })))
  }),
  fact('seen', 'orderBy orders (6)', async (site) => {
    const path = companies + query({ orderBy: 'id desc', fields: 'id', pageSize: '10' })
    const ids = rowsOf(await get(site, path)).map(({ id }) => Number(id))
    expect(ids).toEqual(ids.toSorted((one, other) => other - one))
  }),
  fact('seen', 'count agrees with the list (4)', async (site) => {
    const { body } = await get(site, 'finance/billingCycles/count')
    const rows = rowsOf(await get(site, `finance/billingCycles${query({ pageSize: '1000' })}`))
    expect(body).toEqual({ count: rows.length })
  }),
  fact('inferred', 'nulls are left out (4)', async (site) => {
    const row = await some(site)
    const nulls = Object.keys(row).filter((name) => row[name] === null)
    confirm(nulls.length === 0, 'no property is null', nulls)
  }),
  fact('seen', '_info.lastUpdated is yyyy-MM-ddTHH:mm:ssZ (4)', async (site) => {
    expect(((await some(site))._info as Json).lastUpdated).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  }),
  fact('seen', 'errors are {code, message, errors}, pretty-printed with CRLF (5)', async (site) => {
    const seen = await get(site, `${companies}/999999999`)
    expect(seen.status).toBe(404)
    expect(seen.body).toMatchObject({ code: expect.any(String), message: expect.any(String) })
    expect(seen.text).toContain('{\r\n')
  }),
  fact('seen', 'hosted screens are listed, with a number, a screen and a name (8)', async (site) => {
    const screens = rowsOf(await get(site, 'system/connectWiseHostedScreens'))
    expect(screens.length).toBeGreaterThan(0)
    for (const screen of screens)
      expect(screen).toMatchObject({ id: expect.any(Number), name: expect.any(String) })
  }),
  fact('inferred', 'the Company screen is among the hosted screens (8)', async (site) => {
    const names = rowsOf(await get(site, 'system/connectWiseHostedScreens')).map(({ name }) => String(name))
    confirm(
      names.some((name) => /^compan(y|ies)$/i.test(name)),
      'a screen Company',
      names,
    )
  }),
  fact('unknown', 'the Agreement screen is among the hosted screens (8)', async (site) => {
    const names = rowsOf(await get(site, 'system/connectWiseHostedScreens')).map(({ name }) => String(name))
    confirm(
      names.some((name) => /^agreements?$/i.test(name)),
      'a screen Agreement',
      names,
    )
  }),
  fact('seen', 'hosted setups are listed, with their screen, title, URL and display (8)', async (site) => {
    for (const setup of rowsOf(await get(site, 'system/connectwisehostedsetups')))
      expect(setup).toMatchObject({
        screenId: expect.any(Number),
        description: expect.any(String),
        url: expect.any(String),
        type: expect.stringMatching(/^(Tab|Pod|ToolbarButton)$/),
      })
  }),
  fact('seen', 'every answer carries api-current-version (3)', async (site) => {
    const { headers } = await get(site, 'finance/billingCycles/count')
    expect(headers.get('api-current-version')).toBeTruthy()
  }),
  fact('seen', '_info says who entered a record and when (4)', async (site) => {
    const { _info: info } = await some(site)
    expect(info).toMatchObject({ enteredBy: expect.any(String), dateEntered: expect.stringMatching(/Z$/) })
  }),
  fact('seen', 'conditions on an array are refused (6)', async (site) => {
    expectBadRequest(await get(site, companies + query({ conditions: 'types/id=1', pageSize: '1' })))
  }),
  fact(
    'inferred',
    'the forecast is listed with a slash at the end, with its amount and date (14)',
    async (site) => {
      const [row] = rowsOf(await get(site, `finance/agreementrecap/${query({ pageSize: '1' })}`))
      const names = ['nextInvoiceAmount', 'nextInvoiceDate', 'unbilledPeriods']
      confirm(
        row === undefined || names.every((name) => name in row),
        names.join(', '),
        Object.keys(row ?? {}),
      )
    },
  ),
  fact('inferred', 'the recurring parameters split the forecast of an agreement (14)', async (site) => {
    const [agreement] = rowsOf(await get(site, `finance/agreements${query({ pageSize: '1', fields: 'id' })}`))
    if (agreement === undefined) throw new Error('The suite needs one agreement at least')
    const seen = await get(site, `finance/agreements/${Number(agreement.id)}/recurringParameters/1`)
    const names = ['additionsAmount', 'childrenAmount', 'totalAmount']
    const found = Object.keys(seen.body ?? {})
    confirm(
      seen.status === 200 && names.every((name) => found.includes(name)),
      names.join(', '),
      observed(seen),
    )
  }),
  fact('inferred', 'invoices are headers that name agreement and amounts (14)', async (site) => {
    const path = `finance/invoices${query({ conditions: 'type="Agreement"', pageSize: '1' })}`
    const [row] = rowsOf(await get(site, path))
    const names = ['agreement', 'agreementAmount', 'productTotal', 'subtotal', 'total', 'date']
    confirm(row === undefined || names.every((name) => name in row), names.join(', '), Object.keys(row ?? {}))
  }),
  fact('unknown', 'GL entries of an agreement’s invoice name products (14)', async (site) => {
    const path = `finance/invoices${query({ conditions: 'type="Agreement"', pageSize: '1', fields: 'id' })}`
    const [row] = rowsOf(await get(site, path))
    if (row === undefined) return
    const entries = rowsOf(await get(site, `finance/invoices/${Number(row.id)}/glEntries/`))
    const fields = Object.keys(entries.find((entry) => 'productId' in entry) ?? entries[0] ?? {})
    confirm(fields.includes('productId'), 'an entry with a productId', fields)
  }),
  fact('inferred', 'mySecurity lists the permissions of the keys (14)', async (site) => {
    const [row] = rowsOf(await get(site, `system/mySecurity${query({ pageSize: '1' })}`))
    const names = ['inquireLevel', 'addLevel', 'editLevel', 'moduleFunctionName']
    confirm(
      names.every((name) => name in (row ?? {})),
      names.join(', '),
      Object.keys(row ?? {}),
    )
  }),
  fact('inferred', 'the audit trail asks for type and id (5, 14)', async (site) => {
    const seen = await get(site, `system/audittrail${query({ type: 'Agreement' })}`)
    confirm(seen.status === 400, '400 without an id', observed(seen))
  }),
  fact('inferred', 'myMembers/info does not answer API keys as a member (8)', async (site) => {
    const seen = await get(site, 'system/myMembers/info')
    confirm(seen.status >= 400, 'refused', seen.status)
  }),
]
