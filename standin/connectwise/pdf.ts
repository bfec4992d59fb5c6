/** A PDF of plain lines on one page, as small as a valid one gets. */

const lineHeight = 16

/** `lines` are printed from the top; characters outside Latin-1 become `?`, and what the page cannot hold is left out. */
export function textPdf(lines: readonly string[]): Buffer {
  const shown = lines.slice(0, 46).map((line) => `(${escaped(line)}) Tj T*`)
  const content = `BT /F1 11 Tf ${lineHeight} TL 56 786 Td ${shown.join(' ')} ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ]
  let text = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const start = text.length
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(text, 'latin1')
}

function escaped(line: string): string {
  return line.replaceAll(/[^\u0020-\u00ff]/gu, '?').replaceAll(/[\\()]/g, (character) => `\\${character}`)
}
