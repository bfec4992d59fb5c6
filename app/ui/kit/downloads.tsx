import styles from './downloads.module.css'

/** A table as a file to keep, for a spreadsheet or for a program. @param path of the CSV, with what it is filtered by */
export function Downloads({ path }: { path: string }) {
  const json = `${path}${path.includes('?') ? '&' : '?'}as=json`
  return (
    <span className={styles['downloads']}>
      <a href={path} download>
        CSV
      </a>
      <a href={json} download>
        JSON
      </a>
    </span>
  )
}
