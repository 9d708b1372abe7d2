/** SQL of an instant as the API spells it: ISO 8601, UTC, milliseconds. */
export const iso = (expression: string): string =>
  `to_char(${expression} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** SQL of a pipeline's name as people write it; `p` is the row of pipeline.pipelines. */
export const LABEL = `(select coalesce(max(s.description ->> 'label'), initcap(p.source)) from pipeline.sources s where s.source = p.source)
  || case when p.connection = p.source then '' else ' ' || p.connection end`;
