/** Hands a text to the host as a file to save. */
export function saveText(fileName: string, mediaType: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The download has its own hold of the data by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
