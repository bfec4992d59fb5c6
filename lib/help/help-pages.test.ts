import { describe, expect, it } from 'vitest'
import { errorCodes } from '#lib/base/errors.ts'
import * as findings from '#lib/billing/findings.ts'
import { type Day, type Finding, findingCodeSchema, type Money, type Period } from '#lib/billing/types.ts'
import { helpOfMessage, helpPage, helpPages, searchHelp } from './help-pages.ts'
import { messageHelp } from './message-help.ts'

const [period, day, money] = ['2026-09' as Period, '2026-09-12' as Day, '12.50' as Money]

describe('a page of troubleshooting [G3]', () => {
  it('is there for each finding and each error, and for nothing else', () => {
    const messages = new Set<string>([
      ...findingCodeSchema.options,
      ...Object.keys(messageHelp),
      ...errorCodes,
    ])
    expect(helpPages.map(({ code }) => code).sort()).toEqual([...messages].sort())
  })

  it.each(helpPages.map((page) => [page.code, page] as const))('says something under %s', (_, page) => {
    expect(page.title).toMatch(/^[“A-Z[]/)
    const isSettled = page.severity === 'note'
    expect([page.code, page.steps.length > 0 || isSettled]).toEqual([page.code, true])
    for (const text of [page.means, page.meanwhile, ...page.steps].filter(Boolean))
      expect(text).toMatch(/^[“A-Z].*[.…)]$/s)
  })

  it.each([
    ['Subscription cost unit price changed from 20.00 to 21.50 on 12 Sep 2026', 'cost-price-changed'],
    ['Subscription retail unit price changed from 20.00 to 21.50 on 12 Sep 2026', 'retail-price-changed'],
    [
      "There are multiple products in the ConnectWise product catalog with the VendorSku of 'CFQ7TTC0LCHC:0001'",
      'multiple-products',
    ],
    [
      "Unable to find the default product sub-category of 'Miscellaneous' when adding a new product",
      'no-default-sub-category',
    ],
    [
      "Unable to find the default product category of 'Miscellaneous' when adding a new product",
      'no-default-category',
    ],
    ["Unable to find the default product type of 'Licences' when adding a new product", 'no-default-type'],
    [
      "Unable to find the default product unit of measure of 'Each' when adding a new product",
      'no-default-unit',
    ],
    [
      'Unable to sync subscription to ConnectWise because of inconsistent existing additions. Check for gaps in dates or additions starting after this invoice usage period.',
      'inconsistent-additions',
    ],
    [
      'Failed to get or create the product in ConnectWise: the product is no longer on the PRISM price list',
      'product-retired',
    ],
    ['Failed to get or create the product in ConnectWise: Bad Gateway', 'product-not-created'],
    [
      'ConnectWise returned an error response: Since this period has already been invoiced there will not be an invoice generated for additional products for this period. Please prorate the agreement or update the start date to on or after the Next Invoice Date.',
      'connectwise-refused',
    ],
    [
      "There is an existing addition for product sku 'CFQ7' that needs to be cancelled as it is not in the PRISM invoice and ConnectWise has no subscription id (serial number) for accurate match",
      'leftover-addition',
    ],
    ['An unexpected error occurred', 'unexpected'],
    [
      'The invoice for April 2026 usage cannot be used yet, so this month and later ones wait',
      'invoice-waits',
    ],
    ['No invoice contains this customer yet; additions come with the first that does.', 'nothing-invoiced'],
  ])('is found by the message as people read it: %s', (message, code) => {
    expect(helpOfMessage(message)?.code).toBe(code)
  })

  const made: readonly Finding[] = [
    findings.unknownSerialNumber('X-1', 7),
    findings.priceDiffers(7, money, money),
    findings.priceReplaced(7, money, money),
    findings.priceBelowCost(7, money, money),
    findings.azureAlreadyInvoiced(period, 7),
    findings.additionUnknown(7, 'never'),
    findings.additionMoved(7, 'X-1'),
    findings.additionAnnual(7, true),
    findings.cycleColumnsMissing(),
    findings.billingCycleMissing(3),
    findings.productRetired('Exchange'),
    findings.productUnknown('Exchange'),
    findings.lineContested(['Fabrikam']),
    findings.domainLearned('fabrikam.example'),
    findings.earlierPeriodFailed(period),
    findings.earlierPeriodWaits(period),
    findings.otherProductFailed('Exchange'),
    findings.lateMonthWaits(period, true, money),
    findings.monthSkipped(period),
    findings.monthParked(period),
    findings.beginsLater(period, period, money),
    findings.billedElsewhere(money),
    findings.firstSyncWaits(period),
    findings.movedAway(period, [7]),
    findings.takesOver(period),
    findings.undoEdited([7]),
    findings.undoOvertaken(),
    findings.undoAfterEnd(day),
    findings.undoKeepsSerial([7]),
    findings.undoGivesNewId([7]),
  ]
  it.each(made.map((finding) => [finding.message, finding.code] as const))(
    'has the words of the message: %s',
    (message, code) => {
      expect(helpOfMessage(message)?.code).toBe(code)
    },
  )

  it('is found by words of it, those of its title first', () => {
    const [first] = searchHelp('vendorsku multiple')
    expect(first?.code).toBe('multiple-products')
    expect(searchHelp('').length).toBe(helpPages.length)
    expect(searchHelp('no such word anywhere')).toEqual([])
    expect(helpPage('multiple-products')).toBe(first)
    expect(helpPage('constructor')).toBeNull()
    expect(helpOfMessage('Good morning')).toBeNull()
  })
})
