/** What a page of troubleshooting says (G3): in our words, beside the exact message. */
export interface HelpText {
  /** The message as people meet it; what differs each time stands in brackets. */
  readonly title: string
  /** How it is shown: an error keeps something from being written, a warning does not, a note changes nothing. */
  readonly severity: 'error' | 'warning' | 'note'
  /** What it means, and how it comes about. */
  readonly means: string
  /** What was done about it, and what goes on being billed meanwhile. */
  readonly meanwhile: string
  /** What to do, in order; empty where there is nothing to do. */
  readonly steps: readonly string[]
}
