import { readFile } from 'node:fs/promises';

/** The file's text with `section` between its two marker lines, which stay.
 *  @throws when a marker is missing. */
export async function withSection(
  file: string,
  markers: { begin: string; end: string },
  section: string,
): Promise<string> {
  const text = await readFile(file, 'utf8');
  const begin = text.indexOf(markers.begin);
  const end = text.indexOf(markers.end);
  if (begin === -1 || end < begin) throw new Error(`${file} has lost a marker: ${markers.begin} … ${markers.end}`);
  return `${text.slice(0, begin + markers.begin.length)}\n${section}\n${text.slice(end)}`;
}
