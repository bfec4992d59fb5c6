import { asOneLine } from '#lib/base/one-line.ts'
import type { Mail } from './mail.ts'

/** The mail by which an owner hears that another one deleted the organisation. */
export const deletionMail = (deleted: {
  readonly to: string
  readonly by: string
  readonly organisation: string
  readonly at: Date
}): Mail => {
  // A line of its own in a name could pass for one of ours.
  const organisation = asOneLine(deleted.organisation)
  const moment = `${deleted.at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return {
    to: deleted.to,
    subject: `Deleted on Prism Pod: ${organisation}`,
    text: [
      `The organisation ${organisation} was deleted by ${asOneLine(deleted.by)} at ${moment}.`,
      '',
      'Nobody can take this back, and nobody of it can sign in any more. Nothing was changed in ConnectWise: its additions stay, and',
      'ConnectWise goes on billing them as they are. Our pods there have stopped working.',
      '',
      'This is the last mail to you as its owner; your address is deleted, too.',
      '',
    ].join('\n'),
  }
}
