/** The facts of hosted setups that take writing (docs/facts/host-api.md, "Installing"). About 20 requests. */
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

const SETUPS = 'system/connectwisehostedsetups'
/** Nothing is there, so that whoever opens the screen meanwhile sees an empty pod and nothing else. */
const URL_OF_NOTHING = 'https://conformance.invalid/pod?id=[cw_id]&screen=[cw_screen]'

/** @param made gets what is to be removed afterwards */
export function hostedFacts(made: string[]): readonly Fact[] {
  /** Asked for once: a real instance is spared. */
  let companyScreen: Promise<Json> | null = null
  const findCompanyScreen = async (site: Site): Promise<Json> => {
    const screens = rowsOf(await site.ask('GET', 'system/connectWiseHostedScreens'))
    const company = screens.find(({ name }) => /^compan(y|ies)$/i.test(String(name)))
    if (company === undefined) throw new Error('The suite needs the Company screen.')
    return company
  }
  const draftOf = async (site: Site, more: Json): Promise<Json> => {
    companyScreen ??= findCompanyScreen(site)
    const company = await companyScreen
    const draft = { description: 'Conformance', origin: 'https://conformance.invalid', url: URL_OF_NOTHING }
    return { screenId: company.id, type: 'Pod', podHeight: 300, ...draft, ...more }
  }
  const create = async (site: Site, more: Json = {}): Promise<Seen> => {
    const seen = await site.ask('POST', SETUPS, { body: await draftOf(site, more) })
    if (seen.status === 201) made.push(`${SETUPS}/${(seen.body as { id: number }).id}`)
    return seen
  }
  const created = async (site: Site, more?: Json): Promise<string> => {
    const seen = await create(site, more)
    expect(seen.status, observed(seen)).toBe(201)
    return `${SETUPS}/${(seen.body as { id: number }).id}`
  }
  return [
    fact('seen', 'a hosted setup is created, patched and deleted (8)', async (site) => {
      const path = await created(site)
      const body = [
        { op: 'replace', path: 'disabledFlag', value: true },
        { op: 'replace', path: 'podHeight', value: 480 },
      ]
      const patched = await site.ask('PATCH', path, { body })
      expect(patched.status, observed(patched)).toBe(200)
      expect(patched.body).toMatchObject({ disabledFlag: true, podHeight: 480 })
      expect((await site.ask('DELETE', path)).status).toBe(204)
      expect((await site.ask('GET', path)).status).toBe(404)
    }),
    fact('inferred', 'the URL comes back as it was sent, its tokens too (8)', async (site) => {
      const { body } = await site.ask('GET', await created(site))
      confirm((body as Json).url === URL_OF_NOTHING, URL_OF_NOTHING, (body as Json).url)
    }),
    fact('inferred', 'a screen’s id is the screenId of a tab, which needs no height (8)', async (site) => {
      const seen = await create(site, { type: 'Tab', podHeight: undefined })
      confirm(seen.status === 201, '201', observed(seen))
    }),
    fact('seen', 'screen, title, URL and display are required (8)', async (site) => {
      const seen = await site.ask('POST', SETUPS, { body: {} })
      expect(seen.status, observed(seen)).toBe(400)
      for (const field of ['screenId', 'description', 'url', 'type']) expect(seen.text).toContain(field)
    }),
    fact('seen', 'a title has 50 characters at most, a display is one of three (8)', async (site) => {
      for (const wrong of [{ description: 'x'.repeat(51) }, { type: 'Window' }]) {
        const seen = await create(site, wrong)
        expect(seen.status, observed(seen)).toBe(400)
      }
    }),
    fact('unknown', 'the same setup is taken twice (8)', async (site) => {
      await created(site)
      const seen = await create(site)
      confirm(seen.status === 201, '201', observed(seen))
    }),
  ]
}
