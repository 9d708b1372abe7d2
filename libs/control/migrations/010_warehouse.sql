-- What the loading engine created: which table holds a stream, which column a property, and every change of either.

create table pipeline.target_tables (
  database_schema text not null,
  stream text not null,
  table_name text not null,
  -- Empty: append-only.
  key_columns text[] not null,
  has_key boolean not null generated always as (cardinality(key_columns) > 0) stored,
  -- The newest table version that a Singer ACTIVATE_VERSION made the valid one.
  active_version bigint,
  created_at timestamptz not null default clock_timestamp(),
  primary key (database_schema, stream),
  -- Two streams never share a table, whatever their names are cut to.
  unique (database_schema, table_name)
);

create table pipeline.target_columns (
  database_schema text not null,
  stream text not null,
  property text not null,
  column_name text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (database_schema, stream, property),
  unique (database_schema, stream, column_name),
  foreign key (database_schema, stream) references pipeline.target_tables on update cascade on delete cascade
);

create table pipeline.schema_changes (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  database_schema text not null,
  stream text not null,
  table_name text not null,
  column_name text,
  change text not null
    check (change in ('create_table', 'add_column', 'widen_column', 'drop_not_null', 'change_key', 'restore_view')),
  from_type text,
  to_type text
);
create index schema_changes_stream on pipeline.schema_changes (database_schema, stream, id);
