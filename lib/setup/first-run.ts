/**
 * The first steps of an organisation on its dashboard, each done or not by facts alone, with its one button or why it is not
 * possible yet (B1, G6). Pure. They are over with the first sync of a customer; what going live asks beyond them has its own page.
 */

export interface FirstRunFacts {
  readonly program: { readonly slug: string; readonly name: string }
  readonly connections: {
    readonly prism: 'never' | 'failing' | 'connected'
    readonly connectwise: 'never' | 'failing' | 'connected'
  }
  /** Checks of how ConnectWise is prepared that are not good; `null`: nobody has looked. */
  readonly unprepared: number | null
  readonly isProgramOn: boolean
  /** Whether products were synced as a whole once. */
  readonly areProductsSynced: boolean
  /** `all`: without those that are never mapped. */
  readonly customers: { readonly all: number; readonly mapped: number; readonly syncing: number }
}

export interface FirstRunStep {
  readonly title: string
  readonly isDone: boolean
  /** How it stands. */
  readonly detail: string
  readonly button: string
  readonly href: string
  /** Why it is not possible yet; `null`: it is. */
  readonly whyNot: string | null
}

const NAMES = { prism: 'PRISM', connectwise: 'ConnectWise' } as const

/** Whether there is nothing to be set up any more. */
export const isFirstRunOver = ({ isProgramOn, customers }: FirstRunFacts): boolean =>
  isProgramOn && customers.syncing > 0

/** In the order in which each makes the next one possible. */
export const firstRunSteps = (facts: FirstRunFacts): FirstRunStep[] => [
  connecting(facts, 'prism'),
  connecting(facts, 'connectwise'),
  preparing(facts),
  switchingProgramOn(facts),
  syncingProducts(facts),
  mapping(facts),
  ...previewing(facts),
]

function connecting({ connections }: FirstRunFacts, kind: keyof typeof NAMES): FirstRunStep {
  const name = NAMES[kind]
  const said = {
    never: `${name} is not connected.`,
    failing: `${name} does not take the credentials, or does not answer.`,
    connected: 'It answers.',
  }
  return {
    title: `Connect ${name}`,
    isDone: connections[kind] === 'connected',
    detail: said[connections[kind]],
    button: connections[kind] === 'failing' ? `See ${name}’s connection` : `Connect ${name}`,
    href: '/connections',
    whyNot: null,
  }
}

/** What of the connections is missing. */
function unconnected(
  { connections }: FirstRunFacts,
  kinds: readonly (keyof typeof NAMES)[] = ['prism', 'connectwise'],
): string | null {
  const missing = kinds.filter((kind) => connections[kind] === 'never').map((kind) => NAMES[kind])
  return missing.length === 0 ? null : `Connect ${missing.join(' and ')} first.`
}

function preparing(facts: FirstRunFacts): FirstRunStep {
  const { unprepared } = facts
  const missing = unprepared === 1 ? 'One thing is missing there' : `${unprepared} things are missing there`
  return {
    title: 'Prepare ConnectWise',
    isDone: unprepared === 0,
    detail:
      unprepared === null
        ? 'Whether ConnectWise has what new products and additions need was not looked at yet.'
        : unprepared === 0
          ? 'All that products and additions need is there.'
          : `${missing}; most are mended by one press.`,
    button: 'Check ConnectWise',
    href: '/preparation',
    whyNot: unconnected(facts, ['connectwise']),
  }
}

function switchingProgramOn(facts: FirstRunFacts): FirstRunStep {
  const { program, isProgramOn } = facts
  return {
    title: `Switch ${program.name} on`,
    isDone: isProgramOn,
    detail: isProgramOn
      ? 'Invoices are looked for and products are kept. Nothing of a customer is written before its own Sync is on.'
      : 'Then invoices are looked for and products are kept. Nothing of a customer is written before its own Sync is on.',
    button: `Open ${program.name}`,
    href: `/programs/${program.slug}`,
    whyNot: unconnected(facts),
  }
}

function syncingProducts(facts: FirstRunFacts): FirstRunStep {
  const { program, isProgramOn, areProductsSynced } = facts
  return {
    title: 'Sync products',
    isDone: areProductsSynced,
    detail: areProductsSynced
      ? 'ConnectWise’s catalog was made to follow PRISM’s price list.'
      : 'The page shows first what would be created and updated in ConnectWise’s catalog.',
    button: 'See the products',
    href: `/programs/${program.slug}/products`,
    whyNot: unconnected(facts) ?? (isProgramOn ? null : `Switch ${program.name} on first.`),
  }
}

function mapping(facts: FirstRunFacts): FirstRunStep {
  const { program, customers } = facts
  return {
    title: 'Map customers',
    isDone: customers.mapped > 0,
    detail:
      customers.all === 0
        ? 'PRISM’s customers come with the first look at PRISM.'
        : `${customers.mapped} of ${customers.all} go to an agreement. One to three are enough to begin with.`,
    button: 'Match customers',
    href: `/programs/${program.slug}/customers/match`,
    whyNot: unconnected(facts) ?? (customers.all === 0 ? 'PRISM’s customers have not been read yet.' : null),
  }
}

/** What is previewed is what is then switched on, on one page. */
function previewing(facts: FirstRunFacts): FirstRunStep[] {
  const { program, customers, isProgramOn } = facts
  const href = `/programs/${program.slug}/customers/match/first-syncs`
  const unmapped = unconnected(facts) ?? (customers.mapped === 0 ? 'Map a customer first.' : null)
  const isOver = isFirstRunOver(facts)
  return [
    {
      title: 'Preview what the first syncs write',
      isDone: isOver,
      detail:
        'Each addition with its days and its price, and what it changes of the bill; nothing is written.',
      button: 'Preview',
      href,
      whyNot: unmapped,
    },
    {
      title: 'Switch Sync of the first customers on',
      isDone: isOver,
      detail:
        customers.syncing === 0 ? 'No customer syncs yet.' : `${customers.syncing} of ${customers.all} sync.`,
      button: 'Switch Sync on',
      href,
      whyNot: unmapped ?? (isProgramOn ? null : `Switch ${program.name} on first.`),
    },
  ]
}
