import type { ComponentProps } from 'react'
import styles from './button.module.css'

interface ButtonProps extends ComponentProps<'button'> {
  readonly tone?: 'primary' | 'plain' | undefined
}

/** A button that does nothing but what its handler says: never submits unless told to. */
export function Button({ tone, className, ...rest }: ButtonProps) {
  const classes = [styles['button'], tone && styles[tone], className].filter(Boolean).join(' ')
  return <button type="button" {...rest} className={classes} />
}
