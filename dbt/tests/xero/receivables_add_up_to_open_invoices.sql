-- Every open cent is in exactly one bucket: the model and its invoices have the same total in each currency.

with by_bucket as (
    select
        currency_code,
        sum(due_current + overdue_1_30_days + overdue_31_60_days + overdue_61_90_days + overdue_over_90_days) as amount
    from {{ ref('receivables') }}
    group by currency_code
),

by_invoice as (
    select
        currency_code,
        sum(amount_due) as amount
    from {{ ref('stg_xero__invoices') }}
    where
        invoice_type = 'ACCREC'
        and invoice_status = 'AUTHORISED'
        and amount_due <> 0
    group by currency_code
)

select
    currency_code,
    by_bucket.amount as in_buckets,
    by_invoice.amount as in_invoices
from by_bucket
full join by_invoice using (currency_code)
where by_bucket.amount is distinct from by_invoice.amount
