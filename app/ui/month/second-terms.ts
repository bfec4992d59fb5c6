/** What the reasons are called why ConnectWise invoiced otherwise than planned. Free of libraries. */
const NAMES: Readonly<Record<string, string>> = {
  unexplained: 'Unexplained',
  lost: 'Not on its invoice',
  lines: 'Lines of another amount',
  amended: 'Invoice changed in ConnectWise',
  changed: 'Additions changed since planned',
  others: 'Other additions of the agreement',
  unread: 'Invoiced before it was read',
  earlier: 'Of months before',
  later: 'Of later annual invoices',
  carried: 'Carried to the next invoice',
}

export const secondTermName = (term: string): string => NAMES[term] ?? term
