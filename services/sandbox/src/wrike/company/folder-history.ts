import { instant } from './calendar.ts';
import { folderId } from './ids.ts';

interface Change {
  at: number;
  field: string;
  value: string;
}

/** What the fields of folders were before. */
export class FolderHistory {
  readonly #changes = new Map<number, Change[]>();

  note(folder: number, change: Change): void {
    this.#changes.set(folder, [...(this.#changes.get(folder) ?? []), change]);
  }

  model(folder: number): Record<string, unknown> {
    const changes = (this.#changes.get(folder) ?? []).map(({ at, field, value }) => ({
      date: instant(at),
      field,
      value,
    }));
    return { id: folderId(folder), history: changes };
  }
}
