/** Which customer, company and agreement a row means (E2), and what is said of one that means none. */
import { describe, expect, it } from 'vitest'
import { askedIn, recordIdIn } from './places.ts'
import { readMappingFile } from './read.ts'
import { type Known, type Mapped, resolveRows } from './resolve.ts'

const tenant = (id: string, name: string, domain: string, ...formerDomains: string[]) => ({
  id,
  name,
  domain,
  formerDomains: [domain, ...formerDomains],
})
const tenants = [
  tenant('t-1', 'Contoso', 'contoso.example', 'old-contoso.example'),
  tenant('t-2', 'Fabrikam', 'fabrikam.example'),
  tenant('t-3', 'Twin A', 'twin.example'),
  tenant('t-4', 'Twin B', 'twin.example'),
]
const companies = [
  { id: 10, identifier: 'Contoso', name: 'Contoso Ltd' },
  { id: 11, identifier: 'Fab', name: 'Fabrikam' },
  { id: 12, identifier: 'FranchiseN', name: 'Franchise' },
  { id: 13, identifier: 'FranchiseS', name: 'Franchise' },
  { id: 14, identifier: '11', name: 'Eleven' },
]
const agreement = (id: number, name: string, companyId: number) => ({
  id,
  name,
  company: { id: companyId, name: companies.find((each) => each.id === companyId)?.name ?? '' },
})
const agreements = [
  agreement(100, 'Microsoft CSP', 10),
  agreement(101, 'Gold', 10),
  agreement(110, 'Microsoft CSP', 11),
  agreement(111, 'Twice', 11),
  agreement(112, 'Twice', 11),
  agreement(140, 'CSP', 14),
]
const contoso: Mapped = {
  companyId: 10,
  companyName: 'Contoso Old Name',
  agreementId: 100,
  agreementName: 'Microsoft CSP',
  syncEnabled: true,
}

const resolve = (csv: string, mapped: Record<string, Mapped> = {}) => {
  const known: Known = { tenants, companies, agreements, mapped: new Map(Object.entries(mapped)) }
  return resolveRows(readMappingFile(csv), known)
}
const one = (csv: string, mapped?: Record<string, Mapped>) => {
  const [row] = resolve(csv, mapped)
  if (row === undefined) throw new Error('There is a row')
  return row
}
const said = (csv: string, mapped?: Record<string, Mapped>) =>
  one(csv, mapped).problems.map(({ column, says }) => `${column}: ${says}`)
const to = (csv: string, mapped?: Record<string, Mapped>) => {
  const { tenant: of, after, problems } = one(csv, mapped)
  expect(problems).toEqual([])
  return [of?.id, after?.companyId, after?.agreementId, after?.syncEnabled]
}

describe('the customer of a row', () => {
  it('is known by its tenant id, its domain, or a domain that it had', () => {
    for (const who of [
      't-1,',
      'T-1,',
      '{t-1},',
      ',Contoso.EXAMPLE',
      ',https://www.contoso.example/',
      ',old-contoso.example',
      't-1,contoso.example',
    ])
      expect(to(`Tenant ID,Domain,Agreement ID\n${who},100`)).toEqual(['t-1', 10, 100, false])
  })
  it('is not known where nobody, several, or two different ones are named', () => {
    expect(said('Tenant ID,Domain,Sync\nnobody,,off')).toEqual([
      'Tenant ID: PRISM lists no customer with the tenant id “nobody”.',
    ])
    expect(said('Tenant ID,Domain,Sync\n,none.example,off')).toEqual([
      'Domain: PRISM lists no customer with the domain “none.example”.',
    ])
    expect(said('Domain,Sync\ntwin.example,off')).toEqual([
      'Domain: 2 customers have this domain: give the tenant id.',
    ])
    expect(said('Tenant ID,Domain,Sync\nt-1,fabrikam.example,off')).toEqual([
      'Domain: The tenant id is Contoso’s, and “fabrikam.example” is Fabrikam’s. Leave one of them out.',
    ])
    expect(said('Tenant ID,Domain,Sync\n,,off')).toEqual(['Tenant ID: It does not say which customer it is.'])
  })
  it('goes to one agreement: one that is there twice is wrong in both rows, each by the other', () => {
    const rows = resolve('Tenant ID,Domain,Agreement ID\nt-1,,100\nt-2,,110\n,contoso.example,101')
    expect(rows.map(({ row, after, problems }) => [row, after?.agreementId ?? problems[0]?.says])).toEqual([
      [2, 'Row 4 is of Contoso, too: a customer goes to one agreement.'],
      [3, 110],
      [4, 'Row 2 is of Contoso, too: a customer goes to one agreement.'],
    ])
  })
  it('may share its agreement with another one [E2]', () => {
    const rows = resolve('Tenant ID,Agreement ID\nt-1,100\nt-2,100')
    expect(rows.map(({ after }) => after?.agreementId)).toEqual([100, 100])
  })
})

describe('where a row goes', () => {
  it('is its agreement by id, or by name among those of the company by id, identifier or name', () => {
    const head = 'Tenant ID,Company ID,Company,Agreement ID,Agreement,Sync'
    for (const place of [
      ',,100,,',
      '10,,100,,',
      'contoso,,,microsoft  csp,',
      ',Contoso Ltd,,Microsoft CSP,',
      ',Contoso,,100,',
      '10,Contoso Ltd,100,Microsoft CSP,off',
    ])
      expect(to(`${head}\nt-1,${place}`)).toEqual(['t-1', 10, 100, false])
    expect(to(`${head}\nt-1,10,,,Gold,yes`)).toEqual(['t-1', 10, 101, true])
  })
  it('is none where no company or agreement has the id or the name, or several have', () => {
    expect(said('Domain,Company ID,Agreement\nfabrikam.example,Nope,Gold')).toEqual([
      'Company ID: ConnectWise has no company “Nope” that is not deleted.',
    ])
    expect(said('Domain,Company,Agreement\nfabrikam.example,Franchise,Gold')).toEqual([
      'Company: 2 companies are called “Franchise”: give the id of one (12, 13).',
    ])
    expect(said('Domain,Company ID,Agreement\nfabrikam.example,11,CSP')).toEqual([
      'Company ID: 2 companies are called “11”: give the id of one (11, 14).',
    ])
    expect(said('Domain,Company ID,Agreement\nfabrikam.example,Fab,Gold')).toEqual([
      'Agreement: Fabrikam has no agreement “Gold”.',
    ])
    expect(said('Domain,Company ID,Agreement\nfabrikam.example,Fab,Twice')).toEqual([
      'Agreement: Fabrikam has 2 agreements called “Twice”: give the id of one (111, 112).',
    ])
    expect(said('Domain,Agreement ID\nfabrikam.example,999')).toEqual([
      'Agreement ID: ConnectWise has no agreement 999.',
    ])
    expect(said('Domain,Agreement ID\nfabrikam.example,Gold')).toEqual([
      'Agreement ID: ConnectWise has no agreement Gold.',
    ])
    expect(said('Domain,Agreement\nfabrikam.example,Gold')).toEqual([
      'Agreement: It names an agreement and no company: name its company, too, or give the agreement’s id.',
    ])
    expect(said('Domain,Company,Agreement\nfabrikam.example,Fab,')).toEqual([
      'Agreement: It names no agreement of Fabrikam.',
    ])
  })
  it('is none where two cells of it say different things', () => {
    expect(said('Domain,Company ID,Company,Agreement\nfabrikam.example,10,Fabrikam,Gold')).toEqual([
      'Company: “10” is the company Contoso Ltd, and here stands “Fabrikam”. Correct one, or leave it empty.',
    ])
    expect(said('Domain,Company ID,Agreement ID\nfabrikam.example,Fab,100')).toEqual([
      'Agreement ID: Agreement 100 belongs to Contoso Ltd, not to Fabrikam.',
    ])
    expect(said('Domain,Agreement ID,Agreement\nfabrikam.example,100,Gold')).toEqual([
      'Agreement: Agreement 100 is “Microsoft CSP”, and here stands “Gold”. Correct one, or leave it empty.',
    ])
  })
  it('stays as it is where it is left out, and takes the names that it was mapped with', () => {
    const mapped = { 't-1': contoso }
    const own =
      'Tenant ID,Company ID,Company,Agreement ID,Agreement,Sync\nt-1,10,Contoso Old Name,100,Microsoft CSP'
    expect(to(`${own},On`, mapped)).toEqual(['t-1', 10, 100, true])
    expect(to(`${own},`, mapped)).toEqual(['t-1', 10, 100, true])
    expect(to('Tenant ID,Sync\nt-1,off', mapped)).toEqual(['t-1', 10, 100, false])
    expect(to('Tenant ID,Agreement,Sync\nt-1,Gold,', mapped)).toEqual(['t-1', 10, 101, false])
    expect(one('Tenant ID,Agreement,Sync\nt-1,,', mapped)).toMatchObject({ after: null, problems: [] })
    expect(one('Tenant ID,Agreement,Sync\nt-2,,', mapped)).toMatchObject({ after: null, problems: [] })
  })
  it('may be an agreement that was deleted since, so that its Sync can be switched off', () => {
    const gone = { ...contoso, agreementId: 999, agreementName: 'Gone' }
    expect(to('Tenant ID,Agreement ID,Agreement,Sync\nt-1,999,Gone,off', { 't-1': gone })).toEqual([
      't-1',
      10,
      999,
      false,
    ])
  })
  it('has Sync on only once it is somewhere [E2], and on or off', () => {
    expect(said('Tenant ID,Agreement,Sync\nt-2,,on')).toEqual([
      'Agreement: Sync can be on once the customer is mapped: name its agreement.',
    ])
    expect(said('Tenant ID,Agreement ID,Sync\nt-2,110,perhaps')).toEqual([
      'Sync: “perhaps” is neither on nor off.',
    ])
  })
})

it('asks ConnectWise once for all that is named, ids as spreadsheets show them included', () => {
  const { rows } = readMappingFile('Domain,Company ID,Agreement\na,10,5\nb,Fab,Gold\nc,Fab,"1,234"\nd,,')
  expect(askedIn(rows, agreements)).toEqual({
    companyIds: [10],
    companyTexts: ['10', 'Fab'],
    agreementIds: [5, 1234],
  })
  expect(['12', '1,234', '1.234.567', '12.00', '12,0'].map(recordIdIn)).toEqual([12, 1234, 1234567, 12, 12])
  expect(['', '0', '-1', '1.5', '12a', '9999999999', '1,23'].map(recordIdIn)).toEqual(Array(7).fill(null))
})

it('asks nothing of a row that names its agreement as it is mapped, however many there are', () => {
  const asked = (row: string) =>
    askedIn(readMappingFile(`Domain,Company ID,Company,Agreement ID,Agreement\n${row}`).rows, agreements)
  const nothing = { companyIds: [], companyTexts: [], agreementIds: [] }
  expect(asked('a,10,Contoso Ltd,100,Microsoft CSP')).toEqual(nothing)
  expect(asked('a,,,100,')).toEqual(nothing)
  expect(asked('a,10,Fabrikam,100,Microsoft CSP')).toMatchObject({ companyTexts: ['10', 'Fabrikam'] })
  expect(asked('a,11,Contoso Ltd,100,Microsoft CSP')).toMatchObject({ companyIds: [11], agreementIds: [100] })
})
