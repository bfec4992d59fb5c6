'use client'
import { useState } from 'react'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Field } from '#app/ui/kit/form.tsx'
import { isTyped } from './words.ts'

interface TypedFieldProps {
  /** `the amount` */
  readonly what: string
  readonly text: string
  readonly typed: string
  readonly onTyped: (typed: string) => void
}

/** Much is decided: it is typed, so that no press does it by mistake. */
export function TypedField({ what, text, typed, onTyped }: TypedFieldProps) {
  return (
    <Field
      label={`Type ${what}, ${text}`}
      name="typed"
      autoComplete="off"
      inputMode="decimal"
      value={typed}
      onChange={({ target }) => onTyped(target.value)}
    />
  )
}

/** @param what as in `the amount` */
export const whyNotTyped = (what: string): string => `Type ${what} first.`

interface GateProps {
  readonly title: string
  readonly about: string
  readonly typing: Pick<TypedFieldProps, 'what' | 'text'>
  readonly onPassed: () => void
  readonly onClose: () => void
}

/** Before an answer that has a dialog of its own. */
export function Gate({ title, about, typing, onPassed, onClose }: GateProps) {
  const [typed, setTyped] = useState('')
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{about}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isTyped(typed, typing.text)) onPassed()
        }}
      >
        <TypedField {...typing} typed={typed} onTyped={setTyped} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            tone="primary"
            whyNot={isTyped(typed, typing.text) ? null : whyNotTyped(typing.what)}
          >
            Go on
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
