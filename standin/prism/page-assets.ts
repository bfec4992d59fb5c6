/** Style and script of PRISM's own page; no file is loaded from anywhere. */

export const pageStyle = `
:root { --ink: #16202c; --soft: #5b6878; --line: #e1e5ea; --bg: #f6f7f9; --card: #fff; --accent: #0b6e6e; --bad: #b42318; --warn: #9a6200; --good: #1a7f4b; color-scheme: light dark }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf3; --soft: #9aa7b6; --line: #263241; --bg: #0f141a; --card: #161d26; --accent: #35b6b0; --bad: #ff7b6e; --warn: #e0a33c; --good: #4cc38a } }
* { box-sizing: border-box }
body { margin: 0; background: var(--bg); color: var(--ink); font: 13px/1.45 system-ui, "Segoe UI", Roboto, sans-serif }
header { display: flex; gap: 16px; justify-content: space-between; align-items: center; flex-wrap: wrap; padding: 12px 24px; background: var(--card); border-bottom: 1px solid var(--line) }
.brand { font-size: 18px; font-weight: 700; letter-spacing: .14em; color: var(--accent) }
.badge { font-size: 11px; border: 1px solid var(--line); border-radius: 99px; padding: 1px 8px; color: var(--soft) }
main { max-width: 1180px; margin: 0 auto; padding: 24px; display: grid; gap: 24px }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px; overflow-x: auto }
.head { display: flex; gap: 12px; justify-content: space-between; align-items: center; flex-wrap: wrap }
h1 { margin: 0; font-size: 16px } p { margin: 8px 0 } .quiet { color: var(--soft) }
table { border-collapse: collapse; width: 100% } th { font-size: 11px; color: var(--soft); text-align: left; font-weight: 600 }
th, td { padding: 6px 8px; border-bottom: 1px solid var(--line); white-space: nowrap } tr:last-child td { border-bottom: 0 }
td:first-child { white-space: normal } .num { text-align: right; font-variant-numeric: tabular-nums } .id { font: 11px ui-monospace, Consolas, monospace; color: var(--soft) }
details { border-top: 1px solid var(--line) } summary { padding: 8px 4px; cursor: pointer }
.status { font-weight: 600 } .active { color: var(--good) } .suspended { color: var(--warn) } .deleted { color: var(--bad) }
button, input { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 4px 10px } button { cursor: pointer; font-weight: 560 }
button.primary { background: var(--accent); border-color: var(--accent); color: #fff } input[type=number] { width: 72px } a { color: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px }
#said:empty { display: none }
`

export const pageScript = `
const partner = '?partner=' + document.body.dataset.partner
const said = document.getElementById('said')
async function send(path, body) {
  const answer = await fetch(path + partner, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  if (answer.ok) return answer.json()
  const { message } = await answer.json()
  throw new Error(message)
}
function say(text) { sessionStorage.setItem('said', text); location.reload() }
said.textContent = sessionStorage.getItem('said') ?? ''
sessionStorage.removeItem('said')
document.getElementById('issue').addEventListener('click', async (event) => {
  event.target.disabled = true
  try {
    const { invoiceId, usage } = await send('/control/invoices/next', {})
    say('Invoice ' + invoiceId + ' for the usage of ' + usage + ' is issued.')
  } catch (error) { said.textContent = error.message; event.target.disabled = false }
})
for (const form of document.querySelectorAll('form[data-subscription]')) form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const fields = new FormData(form)
  const change = { quantity: Number(fields.get('quantity')), from: fields.get('from'), productId: form.dataset.product }
  try {
    await send('/control/subscriptions/' + form.dataset.subscription + '/quantity', change)
    say('Quantity ' + change.quantity + ' from ' + change.from + ' on: it shows on the invoice of that month.')
  } catch (error) { said.textContent = error.message }
})
document.getElementById('generate').addEventListener('submit', async (event) => {
  event.preventDefault()
  const shown = document.getElementById('credentials')
  const answer = await fetch('/control/clients' + partner, { method: 'POST', body: JSON.stringify(Object.fromEntries(new FormData(event.target))) })
  const client = await answer.json()
  shown.textContent = answer.ok ? 'Client ' + client.ClientId + ', secret ' + client.ClientSecret + ': copy it now, it is not shown again.' : client.Message
})
document.getElementById('search').addEventListener('input', (event) => {
  const wanted = event.target.value.trim().toLowerCase()
  for (const block of document.querySelectorAll('details')) {
    block.hidden = !block.dataset.name.includes(wanted)
    if (wanted !== '') block.open = !block.hidden
  }
})
`

/** Text for HTML, attributes included. */
export function escaped(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
