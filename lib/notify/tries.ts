/** When a message that was not taken is tried again. Pure. */

/** Minutes after each try, 40 hours together: a server that is down for a night loses nothing. */
const waitsMinutes = [1, 5, 15, 30, 60, 120, 240, 240, 480, 480, 720] as const
/** Of a recipient that the server refuses for good; the word is not always the last. */
const triesOfRefused = 3

/** @param tries so far. @param isRefused for good. Milliseconds to wait; `null`: no more. */
export const waitAfter = (tries: number, isRefused: boolean): number | null => {
  if (isRefused && tries >= triesOfRefused) return null
  const minutes = waitsMinutes[tries - 1]
  return minutes === undefined ? null : minutes * 60_000
}
