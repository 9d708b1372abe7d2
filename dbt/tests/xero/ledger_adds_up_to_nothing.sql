-- Every entry of the general ledger balances to the cent.

select
    tenant_id,
    journal_id,
    sum(net_amount) as net_amount
from {{ ref('stg_xero__journal_lines') }}
group by tenant_id, journal_id
having sum(net_amount) <> 0
