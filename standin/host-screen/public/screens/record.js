/** What company and agreement screens share: head with Save, Refresh and Back, tabs, pods beside the content. */
import { button, chip, h, keepingFocus } from '../dom.js'
import { createHostedRecord } from '../pods.js'

/**
 * @param {object} options
 * @param {string} options.screen
 * @param {number} options.id
 * @param {() => string} options.member
 * @param {string} options.back where Back leads
 * @param {() => Promise<{setups: object[]}>} options.read
 * @param {(found: object, save: (write: () => Promise<unknown>) => Promise<boolean>) =>
 *   {title: string, crumbs: Node[], chips: Node[], sections: Node[]}} options.render `save` is for the screen's own forms
 */
export async function createRecordScreen({ screen, id, member, back, read, render }) {
  const crumbs = h('nav', { class: 'crumbs', 'aria-label': 'Where this is' })
  const title = h('h1', null)
  const chips = h('span', null)
  const unsaved = chip('Unsaved changes', 'warn')
  unsaved.hidden = true
  const content = h('div', null)
  const pods = h('div', { class: 'pods' })
  const record = h('div', { class: 'record' }, content, pods)
  const tabs = h('div', { class: 'tabs', role: 'tablist' })
  const tabPanel = h('div', { hidden: true })

  const hosted = createHostedRecord({
    screen,
    id,
    member,
    refresh: () => update(),
    onDirty: (dirty) => {
      unsaved.hidden = !dirty
    },
  })

  const actions = h(
    'div',
    { class: 'actions' },
    button('Back', () => {
      location.hash = back
    }),
    button('Refresh', () => void hosted.reload()),
    button('Save', () => void hosted.save(), 'primary'),
  )

  async function update() {
    const found = await read()
    const parts = render(found, hosted.save)
    crumbs.replaceChildren(...parts.crumbs)
    title.textContent = parts.title
    chips.replaceChildren(...parts.chips)
    await keepingFocus(() => content.replaceChildren(...parts.sections))
    showHosted(found.setups)
  }

  function showHosted(setups) {
    const installed = setups.filter(({ type }) => type === 'Pod')
    record.classList.toggle('with-pods', installed.length > 0)
    hosted.show(installed, pods)
    showTabs(setups.filter(({ type }) => type === 'Tab'))
  }

  let opened = null
  function showTabs(installed) {
    tabs.hidden = installed.length === 0
    tabs.replaceChildren(
      tabButton('Details', opened === null, () => openTab(null)),
      ...installed.map((setup) => tabButton(setup.description, opened === setup.id, () => openTab(setup))),
    )
    function openTab(setup) {
      opened = setup?.id ?? null
      record.hidden = setup !== null
      tabPanel.hidden = setup === null
      hosted.show(setup === null ? [] : [{ ...setup, podHeight: setup.podHeight ?? 640 }], tabPanel)
      showTabs(installed)
    }
  }

  await update()
  const head = h('div', { class: 'title' }, title, chips, unsaved, actions)
  return {
    element: h('div', null, crumbs, head, tabs, record, tabPanel),
    update,
    mayLeave: hosted.mayLeave,
    close: hosted.close,
  }
}

function tabButton(text, selected, onclick) {
  return h('button', { type: 'button', role: 'tab', 'aria-selected': String(selected), onclick }, text)
}
