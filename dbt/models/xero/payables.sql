-- What is owed to suppliers today, by contact and currency. Currencies are not mixed: amounts stay exact.

with open_bills as (
    select
        contact_id,
        currency_code,
        amount_due,
        due_date,
        -- Without a due date a bill is not overdue.
        coalesce(current_date - due_date, 0) as days_overdue
    from {{ ref('stg_xero__invoices') }}
    where
        invoice_type = 'ACCPAY'
        and invoice_status = 'AUTHORISED'
        and amount_due <> 0
)

select
    open_bills.contact_id || '/' || open_bills.currency_code as payable_id,
    open_bills.contact_id,
    contacts.contact_name,
    open_bills.currency_code,
    count(*) as bills_open,
    sum(open_bills.amount_due) as amount_due,
    coalesce(sum(open_bills.amount_due) filter (where days_overdue <= 0), 0) as due_current,
    coalesce(sum(open_bills.amount_due) filter (where days_overdue between 1 and 30), 0) as overdue_1_30_days,
    coalesce(sum(open_bills.amount_due) filter (where days_overdue between 31 and 60), 0) as overdue_31_60_days,
    coalesce(sum(open_bills.amount_due) filter (where days_overdue between 61 and 90), 0) as overdue_61_90_days,
    coalesce(sum(open_bills.amount_due) filter (where days_overdue > 90), 0) as overdue_over_90_days,
    min(open_bills.due_date) as oldest_due_date
from open_bills
left join {{ ref('stg_xero__contacts') }} as contacts on open_bills.contact_id = contacts.contact_id
group by open_bills.contact_id, contacts.contact_name, open_bills.currency_code
