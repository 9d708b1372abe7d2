-- What moved each account in each month and what it held at its end, from the entries of the general ledger. Debits are positive; the
-- organisation's currency. Empty where Xero's plan does not include journals: stg_xero__report_trial_balance has the same from the report.

with moved as (
    select
        lines.tenant_id,
        lines.account_id,
        date_trunc('month', journals.journal_date)::date as month_start,
        sum(lines.net_amount) as net_amount
    from {{ ref('stg_xero__journal_lines') }} as lines
    inner join {{ ref('stg_xero__journals') }} as journals
        on lines.tenant_id = journals.tenant_id and lines.journal_id = journals.journal_id
    group by lines.tenant_id, lines.account_id, date_trunc('month', journals.journal_date)
)

select
    moved.tenant_id || '/' || moved.account_id || '/' || moved.month_start as trial_balance_id,
    moved.tenant_id,
    moved.account_id,
    accounts.account_code,
    accounts.account_name,
    accounts.account_class,
    moved.month_start,
    (moved.month_start + interval '1 month' - interval '1 day')::date as month_end,
    moved.net_amount,
    sum(moved.net_amount) over (
        partition by moved.tenant_id, moved.account_id
        order by moved.month_start
    ) as balance
from moved
left join {{ ref('stg_xero__accounts') }} as accounts on moved.account_id = accounts.account_id
