/** What ConnectWise's list of forecasts can tell of an agreement that nobody opened (J6). */
import { describe, expect, it } from 'vitest'
import type { Money } from '#lib/billing/types.ts'
import { additionsOf } from './prove-parts.ts'

const forecast = (nextInvoiceAmount: string | null, more = {}) => ({
  additions: null,
  nextInvoiceAmount: nextInvoiceAmount as Money | null,
  own: null,
  ...more,
})
const invoiced = (agreementAmount: string) => [{ agreementAmount: agreementAmount as Money }]
const expected = '250' as Money

describe('a forecast of the list', () => {
  it('is of the additions where what the agreement bills by itself is as on its last invoice [J6]', () => {
    const agrees = { forecast: '250', noForecast: null }
    expect(additionsOf(forecast('250'), expected, invoiced('0'), {})).toEqual(agrees)
    expect(additionsOf(forecast('349.5'), expected, invoiced('99.5'), {})).toEqual(agrees)
  })

  it('that differs tells nothing: what the agreement bills by itself may be another amount by now', () => {
    const found = additionsOf(forecast('351'), expected, invoiced('99.5'), {})
    expect(found.forecast).toBeNull()
    expect(found.noForecast).toContain('a moment after its pod is opened')
  })

  it('tells nothing where nothing was invoiced, or the header does not tell the two apart', () => {
    expect(additionsOf(forecast('250'), expected, [], {}).forecast).toBeNull()
    expect(additionsOf(forecast('250'), expected, invoiced('0'), { header: 'fails' }).forecast).toBeNull()
    expect(additionsOf(forecast(null), expected, invoiced('0'), {}).noForecast).toBe(
      'ConnectWise gives no amount',
    )
  })

  it('of an agreement that was opened has its parts, whatever they come to', () => {
    expect(additionsOf(forecast('351', { own: '99.5' }), expected, [], {}).forecast).toBe('251.5')
    expect(additionsOf(forecast('351', { additions: '240' }), expected, [], {}).forecast).toBe('240')
  })
})
