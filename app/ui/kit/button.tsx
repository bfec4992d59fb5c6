'use client'
import { type ComponentProps, type MouseEvent, useId } from 'react'
import styles from './button.module.css'
import text from './text.module.css'

interface ButtonProps extends ComponentProps<'button'> {
  readonly tone?: 'primary' | 'plain' | undefined
  /**
   * Why it does nothing now, in a sentence; `null`: it works. It stays where keys and screen readers find it, with the reason beside
   * it. `disabled` is for the moment in which something is under way, and for nothing else.
   */
  readonly whyNot?: string | null
  /** The page says the reason near it already: then it is told to screen readers alone. */
  readonly isWhySaid?: boolean
}

/** A button that does nothing but what its handler says: never submits unless told to. */
export function Button({ tone, className, whyNot, isWhySaid = false, ...rest }: ButtonProps) {
  const classes = [styles['button'], tone && styles[tone], className].filter(Boolean).join(' ')
  // Whoever may be told why has the same elements before and after, so that the focus stays.
  return whyNot === undefined ? (
    <button type="button" {...rest} className={classes} />
  ) : (
    <WithReason {...rest} className={classes} whyNot={whyNot} isWhySaid={isWhySaid} />
  )
}

type WithReasonProps = ComponentProps<'button'> & Required<Pick<ButtonProps, 'whyNot' | 'isWhySaid'>>

function WithReason({ whyNot, isWhySaid, onClick, ...rest }: WithReasonProps) {
  const id = useId()
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    // A form is not submitted either.
    if (whyNot === null) onClick?.(event)
    else event.preventDefault()
  }
  return (
    <span className={styles['withReason']}>
      {whyNot === null ? null : (
        <small id={id} className={isWhySaid ? text['hidden'] : styles['reason']}>
          {whyNot}
        </small>
      )}
      <button
        type="button"
        {...rest}
        aria-disabled={whyNot === null ? undefined : true}
        aria-describedby={whyNot === null ? undefined : id}
        title={whyNot ?? rest.title}
        onClick={press}
      />
    </span>
  )
}
