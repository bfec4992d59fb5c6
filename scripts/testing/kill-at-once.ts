/** Ends one process at once. Throws where it is not known: to the system 0 is every process of the caller's group. */
export const killAtOnce = (pid: number | undefined): void => {
  if (pid === undefined || !Number.isInteger(pid) || pid < 1) throw new Error(`${pid} is no process`)
  process.kill(pid, 'SIGKILL')
}
