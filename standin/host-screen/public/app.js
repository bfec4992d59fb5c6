/** Routes by the address's hash: /companies, /companies/{id}, /agreements, /agreements/{id}, /catalog, /setups. */
import { h, toast } from './dom.js'
import { mountLog } from './message-log.js'
import { mountPrismStrip } from './prism-strip.js'
import { get } from './requests.js'
import { agreement } from './screens/agreement.js'
import { catalog } from './screens/catalog.js'
import { company } from './screens/company.js'
import { agreements, companies, setups } from './screens/lists.js'

const pollMs = 1200
const main = document.getElementById('screen')
const memberSelect = document.getElementById('member')
const member = () => memberSelect.value

const routes = [
  [/^#\/companies$/, () => companies()],
  [/^#\/companies\/(\d+)$/, (id) => company(Number(id), member)],
  [/^#\/agreements$/, () => agreements()],
  [/^#\/agreements\/(\d+)$/, (id) => agreement(Number(id), member)],
  [/^#\/catalog$/, () => catalog(member)],
  [/^#\/setups$/, () => setups()],
]

let screen = null
let shownHash = ''
let leaving = false

async function open() {
  const hash = location.hash || '#/companies'
  if (hash === shownHash || leaving) return
  leaving = true
  const may = screen?.mayLeave ? await screen.mayLeave() : true
  leaving = false
  if (!may) {
    location.hash = shownHash
    return
  }
  shownHash = hash
  await show(hash)
}

async function show(hash) {
  const [found] = routes.flatMap(([pattern, build]) => {
    const match = pattern.exec(hash)
    return match ? [() => build(...match.slice(1))] : []
  })
  screen?.close?.()
  screen = null
  try {
    const next = found ? await found() : { element: h('p', { class: 'empty' }, 'There is no such screen.') }
    if (hash !== shownHash) return next.close?.()
    screen = next
    main.replaceChildren(next.element)
  } catch (error) {
    main.replaceChildren(h('p', { class: 'empty' }, error.message))
  }
  for (const link of document.querySelectorAll('.nav a')) {
    if (hash.startsWith(`#/${link.dataset.screen}`)) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
}

/** Screens are live: when the records change, the open one reads again. */
async function poll() {
  let version = (await get('version')).version
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, pollMs))
    try {
      const seen = (await get('version')).version
      if (seen === version) continue
      await screen?.update?.()
      version = seen
    } catch {
      // The stand-in is restarting; the next round asks again.
    }
  }
}

const memberKey = 'member'

async function start() {
  mountLog()
  const session = await get('session')
  document.getElementById('site').textContent = session.companyName
  memberSelect.append(
    ...session.members.map(({ identifier, name }) => h('option', { value: identifier }, name)),
  )
  memberSelect.value = sessionStorage.getItem(memberKey) ?? session.members[0]?.identifier ?? ''
  memberSelect.addEventListener('change', () => {
    sessionStorage.setItem(memberKey, member())
    toast(`Signed in as ${memberSelect.selectedOptions[0].textContent}.`)
    void show(shownHash)
  })
  const phone = document.getElementById('phone')
  phone.addEventListener('click', () => {
    const narrow = document.body.classList.toggle('phone')
    phone.setAttribute('aria-pressed', String(narrow))
  })
  if (session.prism) await mountPrismStrip()
  window.addEventListener('hashchange', () => void open())
  await open()
  void poll()
}

void start()
