import styles from './choose-box.module.css'

interface ChooseBoxProps {
  /** Whose row it stands in. */
  readonly name: string
  /** `null`: nothing can be done to it, and there is no box. */
  readonly isChosen: boolean | null
  readonly onChoose: (isChosen: boolean) => void
}

/** Before the name of a row that can be chosen with others. */
export function ChooseBox({ name, isChosen, onChoose }: ChooseBoxProps) {
  if (isChosen === null) return null
  return (
    <input
      type="checkbox"
      className={styles['box']}
      aria-label={`Choose ${name}`}
      checked={isChosen}
      onChange={({ target }) => onChoose(target.checked)}
    />
  )
}
