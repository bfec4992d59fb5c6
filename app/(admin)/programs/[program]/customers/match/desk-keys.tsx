import { Button } from '#app/ui/kit/button.tsx'
import { chosenBy, type DeskAction, type DeskRow } from './desk.ts'
import styles from './match.module.css'

interface DeskKeysProps {
  readonly row: DeskRow | undefined
  readonly onAct: (action: DeskAction) => void
}

const ACTIONS: readonly (readonly [action: DeskAction, key: string, text: string])[] = [
  ['accept', 'Enter', 'Accept'],
  ['second', '2', 'Accept the second'],
  ['other', 'O', 'Other…'],
  ['skip', 'S', 'Skip'],
  ['never', 'N', 'Never…'],
  ['undo', 'U', 'Take back'],
  ['previous', '↑', 'Previous'],
  ['next', '↓', 'Next'],
]

/** What the keys do with the row that the keyboard is on; each can be pressed, too. */
export function DeskKeys({ row, onAct }: DeskKeysProps) {
  return (
    <div className={styles['keys']}>
      <p id="desk-keys" className={styles['about']}>
        <b>{row?.customer.name}</b>{' '}
        <span>
          One key decides: Enter accepts, 2 accepts the second candidate, O opens the others, S skips, N says
          never, U takes back; arrows, or J and K, move.
        </span>
      </p>
      <div role="group" aria-label="What to do with the customer" className={styles['buttons']}>
        {ACTIONS.map(([action, key, text]) => (
          <Button
            key={action}
            tone={action === 'accept' ? 'primary' : undefined}
            whyNot={row === undefined ? NOBODY : whyNotTo(action, row)}
            isWhySaid
            onClick={() => onAct(action)}
          >
            {text} <kbd>{key}</kbd>
          </Button>
        ))}
      </div>
    </div>
  )
}

const NOBODY = 'Nobody waits to be mapped.'

/** Why the row, as the list shows it, gives the action nothing to do; `null`: it has something. */
function whyNotTo(action: DeskAction, { customer, state }: DeskRow): string | null {
  const isDecided = state.is === 'mapped' || state.is === 'never' || state.is === 'saving'
  const decided = isDecided ? 'It is decided about this customer.' : null
  switch (action) {
    case 'accept':
      return decided ?? (chosenBy(customer.suggested) === null ? 'No agreement is suggested.' : null)
    case 'second':
      return decided ?? (chosenBy(customer.second) === null ? 'There is no second agreement.' : null)
    case 'other':
    case 'never':
      return decided
    case 'skip':
      return state.is === 'waiting' ? null : 'It waits no more.'
    case 'undo':
      return state.is === 'mapped' && state.acceptance !== null ? null : 'Nothing was accepted here.'
    default:
      return null
  }
}
