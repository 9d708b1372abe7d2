/** Columns that every table carries beside the record's own, named as the field names them. */
export const METADATA_COLUMNS = {
  _sdc_extracted_at: 'timestamptz',
  _sdc_received_at: 'timestamptz',
  _sdc_batched_at: 'timestamptz',
  _sdc_deleted_at: 'timestamptz',
  _sdc_sequence: 'bigint',
  _sdc_table_version: 'bigint',
} as const;

/** Fields beyond {@link COLUMNS_MAX}, as one JSON object. */
export const EXTRA_COLUMN = '_sdc_extra';

/** PostgreSQL allows 1,600 columns, dropped ones included, and a row must fit one page of 8 KiB even with every long value stored outside. */
export const COLUMNS_MAX = 1_000;

/** The record field that makes a record a tombstone. */
export const DELETED_AT_FIELD = '_sdc_deleted_at';

/** Names that a column of a record cannot have. */
export const RESERVED_COLUMNS: ReadonlySet<string> = new Set([
  ...Object.keys(METADATA_COLUMNS),
  EXTRA_COLUMN,
  'tableoid',
  'xmin',
  'cmin',
  'xmax',
  'cmax',
  'ctid',
]);
