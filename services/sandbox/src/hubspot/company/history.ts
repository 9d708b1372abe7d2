type Values = Record<string, string | null>;

/** A value that a property once had. */
export interface HistoryEntry {
  value: string | null;
  at: number;
}

/** Values kept of one property. */
const ENTRIES_MAX = 20;

/** What was changed since the account was founded, by object and property. */
export class History {
  readonly #entries = new Map<number, Map<string, HistoryEntry[]>>();

  record(position: number, before: Values, changes: Values, at: number): void {
    const ofObject = this.#entries.get(position) ?? new Map<string, HistoryEntry[]>();
    for (const [name, value] of Object.entries(changes)) {
      if ((before[name] ?? null) === value) continue;
      const entries = ofObject.get(name) ?? [];
      // One entry an instant: a second change in the same millisecond replaces the first.
      const kept = entries[0]?.at === at ? entries.slice(1) : entries;
      ofObject.set(name, [{ value, at }, ...kept].slice(0, ENTRIES_MAX));
    }
    if (ofObject.size > 0) this.#entries.set(position, ofObject);
  }

  /** The newest first, down to the founding value. */
  of(position: number, name: string, current: string | null, founded: HistoryEntry): HistoryEntry[] {
    const changed = this.#entries.get(position)?.get(name) ?? [];
    const oldest = changed.length > 0 ? founded : { ...founded, value: current };
    const isSame = changed.at(-1)?.at === founded.at;
    const all = isSame || oldest.value === null ? changed : [...changed, oldest];
    return all.slice(0, ENTRIES_MAX);
  }
}

/** A value as `propertiesWithHistory` writes it. */
export function writeHistory({ value, at }: HistoryEntry): Record<string, unknown> {
  return {
    value: value ?? '',
    timestamp: new Date(at).toISOString(),
    sourceType: 'CRM_UI',
    sourceId: 'userId:1296619',
    sourceLabel: null,
    updatedByUserId: 1_296_619,
  };
}
