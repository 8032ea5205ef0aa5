/** Value of one label in a cell of the labels column (see encodeLabels); undefined when the key is not there. */
export function labelValue(labels: string, key: string): string | undefined {
  const start = `${key}=`;
  let at = 0;
  while (at < labels.length) {
    const end = labels.indexOf('\n', at);
    const stop = end === -1 ? labels.length : end;
    if (labels.startsWith(start, at)) return labels.slice(at + start.length, stop);
    at = stop + 1;
  }
  return undefined;
}
