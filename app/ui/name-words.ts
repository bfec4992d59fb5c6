/** Words that a company's name has in ConnectWise and rarely in PRISM. */
const COMMON = /^(the|pty|ltd|limited|inc|llc|gmbh|co|corp|corporation|company|group)$/i

/** The words of a company's name by which it is the same company in another system. */
export const wordsOf = (name: string): string[] =>
  name.split(/[\s.,&()]+/).filter((word) => word.length > 1 && !COMMON.test(word))

/** The first word that says something: short enough to find a name that is written a little differently. */
export const searchFor = (name: string): string => wordsOf(name)[0] ?? name
