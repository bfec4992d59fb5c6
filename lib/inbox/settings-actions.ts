/** The answers to what waits about the settings: a contract agreement, a person. Pure. */
import { action } from './actions.ts'
import type { ItemAction } from './item.ts'

export const pickAgreement = (program: string): ItemAction =>
  action({
    id: 'pick-agreement',
    text: 'Pick one',
    endpoint: 'PUT /api/programs/{program}',
    path: { program },
    body: {},
    choose: { field: 'contractAgreementId', from: 'contract-agreements' },
  })

export const letIn = (id: string): ItemAction[] => {
  const says = (actionId: ItemAction['id'], text: string, state: string) =>
    action({ id: actionId, text, endpoint: 'PUT /api/people/{id}', path: { id }, body: { state } })
  return [says('let-in', 'Let in', 'active'), says('turn-away', 'Turn away', 'disabled')]
}
