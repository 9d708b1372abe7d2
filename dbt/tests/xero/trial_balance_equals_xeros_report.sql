-- The balance of each account from the ledger is the one in Xero's own report. The report is read once a day, so the two may differ for a day
-- after a change: a difference warns.
{{ config(severity='warn') }}

with reported as (
    select
        tenant_id,
        account_id,
        period,
        coalesce(ytd_debit, 0) - coalesce(ytd_credit, 0) as balance
    from {{ ref('stg_xero__report_trial_balance') }}
    where account_id is not null
),

-- Once: the view reads every line of the ledger.
ledger as materialized (
    select
        tenant_id,
        account_id,
        month_end,
        balance
    from {{ ref('trial_balance') }}
),

latest as (
    select distinct on (reported.tenant_id, reported.account_id, reported.period, reported.balance)
        reported.*,
        ledger.balance as from_ledger
    from reported
    left join ledger
        on
            reported.tenant_id = ledger.tenant_id
            and reported.account_id = ledger.account_id
            and reported.period >= ledger.month_end
    order by reported.tenant_id, reported.account_id, reported.period, reported.balance, ledger.month_end desc nulls last
)

select *
from latest
where
    from_ledger is distinct from balance
    and exists (select 1 from {{ ref('stg_xero__journals') }})
