// The container's health check: ends with 0 where the app answers that it is well, else with 1 and the reason.
const address = `http://127.0.0.1:${process.env.PORT?.trim() || 3000}/api/health`
try {
  const answer = await fetch(address, { signal: AbortSignal.timeout(4_500) })
  console.log(await answer.text())
  process.exitCode = answer.ok ? 0 : 1
} catch (error) {
  console.log(`${address} does not answer: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
