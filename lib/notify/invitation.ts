import { asOneLine } from '#lib/base/one-line.ts'
import type { Mail } from './mail.ts'

/** The mail that carries an invitation's link. */
export const invitationMail = (invited: {
  readonly to: string
  readonly by: string
  readonly organisation: string
  readonly role: string
  readonly link: string
  readonly expiresAt: Date
}): Mail => {
  // A line of its own in a name could pass for one of ours.
  const organisation = asOneLine(invited.organisation)
  return {
    to: invited.to,
    subject: `Invitation to Prism Pod: ${organisation}`,
    text: [
      `${asOneLine(invited.by)} invites you to ${organisation} on Prism Pod, as ${invited.role}.`,
      '',
      'Choose a password here:',
      invited.link,
      '',
      `The link works once, until ${invited.expiresAt.toISOString().slice(0, 10)}. If you did not expect this mail, ignore it.`,
      '',
    ].join('\n'),
  }
}
