/** Beside the navigation, which leads on. */
export default function NotFound() {
  return (
    <>
      <h1>There is no such page.</h1>
      <p>What the address led to is not there any more, or your role does not show it.</p>
    </>
  )
}
