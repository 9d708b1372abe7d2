/** What is done to a table so that it holds what a stream brings. */
export type Change =
  | { change: 'create_table' }
  | { change: 'add_column'; column: string; to: string }
  | { change: 'widen_column'; column: string; from: string; to: string }
  | { change: 'drop_not_null'; column: string }
  /** The primary key is ours, or there is none. */
  | { change: 'change_key'; from: string[]; to: string[] }
  /** The primary key is somebody else's and stays. */
  | { change: 'add_unique_index'; to: string[] };
