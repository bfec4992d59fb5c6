/** Companies: finding one by what a person types or a file names, whatever number of them there is. */
import { fields } from './api-types.ts'
import { among, amongIds, batches, isQuotable, wider } from './conditions.ts'
import { ConnectWiseError } from './errors.ts'
import * as inferred from './inferred.ts'
import { namesOf, type ReadList, readList } from './lists.ts'
import * as kinds from './record-kinds.ts'
import type { Requests } from './requests.ts'
import type { Company, ConnectWiseClient } from './values.ts'

type Part = Pick<
  ConnectWiseClient,
  'companies' | 'companiesByWebsite' | 'companiesNamed' | 'everyCompany' | 'company'
>

/** Companies shown by one search. */
const mostCompanies = 100
/** Words of a search that are asked for; more would make the address too long. */
const mostWords = 6
const perRequest = { most: 100, longest: 1_200 }
const notDeleted = 'deletedFlag = false'

interface FirstPage {
  readonly list: ReadList<Company>
  /** There may be more. */
  readonly isFull: boolean
}

export function companyCalls(requests: Requests): Part {
  const first = async (searched: readonly string[]): Promise<FirstPage> => {
    const conditions = [notDeleted, ...searched].join(' and ')
    const asked = { conditions, orderBy: 'name asc', fields: fields.company, pageSize: mostCompanies }
    const rows = await requests.rows({ method: 'GET', path: '/company/companies' }, (api) =>
      api.CompanyAPI.getCompanyCompanies(asked),
    )
    return { list: readList(kinds.companies, rows), isFull: rows.length >= mostCompanies }
  }
  const all = (searched: readonly string[]) =>
    requests.all('/company/companies', kinds.companies, (api, of) => api.CompanyAPI.getCompanyCompanies(of), {
      conditions: [notDeleted, ...searched].join(' and '),
      fields: fields.company,
    })

  return {
    async companies(text) {
      const search = searchOf(text)
      if (!search.isAskable) {
        // A page of what ConnectWise can be asked for may hold none of what is meant.
        const { records, odd } = await all(search.wider)
        const meant = records.filter(search.isMeant).toSorted(byName)
        return { records: ranked(meant, search.text), unreadable: namesOf(odd) }
      }
      const found = await first(search.contains)
      const lists = [found.list]
      // What is called so, or begins so, may come after all that only contains it.
      if (found.isFull && search.text !== '')
        for (const each of await Promise.all(search.nearer.map((condition) => first([condition]))))
          lists.push(each.list)
      const records = new Map(lists.flatMap((list) => list.records.map((each) => [each.id, each])))
      return { records: ranked([...records.values()], search.text), unreadable: namesOf(found.list.odd) }
    },
    async companiesByWebsite(domain) {
      try {
        const { list } = await first([inferred.websiteContains(domain)])
        return { records: list.records, unreadable: namesOf(list.odd) }
      } catch (error) {
        if (error instanceof ConnectWiseError && error.status === 400) return { records: [], unreadable: [] }
        throw error
      }
    },
    async companiesNamed({ ids, texts }) {
      const quotable = texts.filter(isQuotable)
      const conditions = [
        ...batches([...new Set(ids)], perRequest, (batch) => amongIds('id', batch)).map((batch) =>
          amongIds('id', batch),
        ),
        ...(['identifier', 'name'] as const).flatMap((field) => [
          ...batches(quotable, perRequest, (batch) => among(field, batch)).map((batch) =>
            among(field, batch),
          ),
          ...texts.filter((text) => !isQuotable(text)).map((text) => wider(field, text)),
        ]),
      ].filter((condition) => condition !== '')
      const lists = await Promise.all(conditions.map((condition) => all([condition])))
      const records = new Map(lists.flatMap((list) => list.records.map((each) => [each.id, each])))
      const odd = new Map(lists.flatMap((list) => namesOf(list.odd)).map((each) => [each.record, each]))
      return { records: [...records.values()], unreadable: [...odd.values()] }
    },
    async everyCompany() {
      const { records, odd } = await all([])
      return { records, unreadable: namesOf(odd) }
    },
    company: (id) =>
      requests.maybe({ method: 'GET', path: `/company/companies/${id}` }, kinds.companies, (api) =>
        api.CompanyAPI.getCompanyCompaniesById(id, { fields: fields.company }),
      ),
  }
}

interface Search {
  readonly text: string
  /** ConnectWise can be asked for exactly this: no quote, and none of the signs that stand for others. */
  readonly isAskable: boolean
  /** All of its words, in any order. */
  readonly contains: readonly string[]
  /** From what is called so on; each is a question of its own. */
  readonly nearer: readonly string[]
  readonly wider: readonly string[]
  readonly isMeant: (company: Company) => boolean
}

const either = (condition: (field: string) => string): string => {
  const both = [condition('name'), condition('identifier')].filter((each) => each !== '')
  return both.length === 0 ? '' : `(${both.join(' or ')})`
}

function searchOf(typed: string): Search {
  const text = typed.replaceAll(/\s+/g, ' ').trim()
  const words = text === '' ? [] : text.split(' ').slice(0, mostWords)
  const lower = words.map((word) => word.toLowerCase())
  return {
    text,
    isAskable: isQuotable(text) && !/[%_[\]]/.test(text),
    contains: words.map((word) => either((field) => `${field} like "%${word}%"`)),
    nearer: [
      either((field) => `${field} = "${text}"`),
      either((field) => `${field} like "${text}%"`),
      ...(words.length > 1 ? [either((field) => `${field} like "%${text}%"`)] : []),
    ],
    wider: [either((field) => wider(field, text))].filter((condition) => condition !== ''),
    isMeant: ({ name, identifier }) => {
      const values = [name.toLowerCase(), identifier.toLowerCase()]
      return lower.every((word) => values.some((value) => value.includes(word)))
    },
  }
}

const byName = (a: Company, b: Company): number => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1)

/** What is called so first, then what begins so, then what has it as it was typed; each by name, as ConnectWise gave it. */
function ranked(companies: readonly Company[], text: string): Company[] {
  const wanted = text.toLowerCase()
  const rank = ({ name, identifier }: Company): number => {
    const values = [name.toLowerCase(), identifier.toLowerCase()]
    if (values.includes(wanted)) return 0
    if (values.some((value) => value.startsWith(wanted))) return 1
    return values.some((value) => value.includes(wanted)) ? 2 : 3
  }
  return companies.toSorted((a, b) => rank(a) - rank(b)).slice(0, mostCompanies)
}
