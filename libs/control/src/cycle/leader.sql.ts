import { sql, statement } from '@pipeline/postgres';

const { text, float8 } = sql;

export const takeOrKeepLead = statement({
  name: 'leader.take_or_keep',
  text: `insert into pipeline.leaders as leader (name, holder, lease_until)
         values ($1, $2, clock_timestamp() + make_interval(secs => $3))
         on conflict (name) do update set holder = excluded.holder, lease_until = excluded.lease_until
         where leader.holder = excluded.holder or leader.lease_until < clock_timestamp()`,
  parameters: { name: text, holder: text, leaseSeconds: float8 },
});

export const deleteLead = statement({
  name: 'leader.delete',
  text: 'delete from pipeline.leaders where name = $1 and holder = $2',
  parameters: { name: text, holder: text },
});
