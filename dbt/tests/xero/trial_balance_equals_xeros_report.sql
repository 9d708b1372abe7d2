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

latest as (
    select
        reported.tenant_id,
        reported.account_id,
        reported.period,
        reported.balance,
        (
            select ledger.balance
            from {{ ref('trial_balance') }} as ledger
            where
                ledger.tenant_id = reported.tenant_id
                and ledger.account_id = reported.account_id
                and ledger.month_end <= reported.period
            order by ledger.month_end desc
            limit 1
        ) as from_ledger
    from reported
)

select *
from latest
where
    from_ledger is distinct from balance
    and exists (select 1 from {{ ref('stg_xero__journals') }})
