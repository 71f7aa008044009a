/** What comes before and after a file that is the only part of a form (RFC 7578). */
export function formPartOf(boundary: string, field: string, fileName: string): { head: Buffer; tail: Buffer } {
  const lines = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${escaped(field)}"; filename="${escaped(fileName)}"`,
    'Content-Type: application/octet-stream',
    '',
    '',
  ];
  return { head: Buffer.from(lines.join('\r\n')), tail: Buffer.from(`\r\n--${boundary}--\r\n`) };
}

/** As browsers do (HTML, 4.10.21.8): what would end the name is percent-encoded. */
function escaped(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
