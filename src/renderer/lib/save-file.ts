/** Gives a text to the browser as a download. */
export function saveFile(fileName: string, content: string, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = fileName;
  link.click();
  // The download has begun once the click was handled.
  setTimeout(() => URL.revokeObjectURL(link.href));
}
