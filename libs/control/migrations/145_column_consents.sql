-- A stream whose schema would bring very many columns at once stops before its table is changed, until an operator allows that many.
create table pipeline.column_consents (
  pipeline text not null,
  stream text not null,
  -- How many columns its table would have, as the loader that stopped says.
  wanted integer not null,
  wanted_at timestamptz not null default now(),
  -- How many it may have. Null: nobody has allowed any.
  allowed integer,
  allowed_by text,
  allowed_at timestamptz,
  primary key (pipeline, stream)
);
