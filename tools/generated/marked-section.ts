import { readFile } from 'node:fs/promises';

/** The lines between which a generated section stands. */
export interface Markers {
  begin: string;
  end: string;
}

/** The file's text with `section` between its two marker lines, which stay.
 *  @throws when a marker is missing. */
export async function withSection(file: string, markers: Markers, section: string): Promise<string> {
  return replaceSection(await readFile(file, 'utf8'), markers, section);
}

/** As {@link withSection}, for a text that is read already. */
export function replaceSection(text: string, markers: Markers, section: string): string {
  const begin = text.indexOf(markers.begin);
  const end = text.indexOf(markers.end);
  if (begin === -1 || end < begin) throw new Error(`a marker is missing: ${markers.begin} … ${markers.end}`);
  return `${text.slice(0, begin + markers.begin.length)}\n${section}\n${text.slice(end)}`;
}
