/** The strip that plays the distributor: issues PRISM's next invoice. */
import { button, h, toast } from './dom.js'
import { month } from './format.js'
import { get, post } from './requests.js'

export async function mountPrismStrip() {
  const strip = document.getElementById('prism')
  const state = h('span', null)
  const issue = button("Issue next month's invoice", async () => {
    issue.disabled = true
    try {
      const { usage, invoiceId } = await post('prism/next-invoice')
      toast(`PRISM issued invoice ${invoiceId} for ${month(usage)} usage.`)
    } catch (error) {
      toast(error.message, 'bad')
    }
    issue.disabled = false
    await refresh()
  })
  async function refresh() {
    try {
      const { invoices, nextUsage } = await get('prism')
      const issued = `${invoices.length} ${invoices.length === 1 ? 'invoice' : 'invoices'} issued`
      state.textContent = `${issued}; next is ${month(nextUsage)} usage.`
    } catch (error) {
      state.textContent = error.message
    }
  }
  strip.append(h('strong', null, 'PRISM controls'), state, issue)
  strip.hidden = false
  await refresh()
}
