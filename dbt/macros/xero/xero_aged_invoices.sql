{# What is open today by contact and currency, in classes of age: of sales invoices (ACCREC) or of bills (ACCPAY). Currencies are not mixed, and
   amounts stay exact. #}
{% macro xero_aged_invoices(invoice_type, key, count) %}
with open_invoices as (
    select
        contact_id,
        currency_code,
        amount_due,
        due_date,
        -- Without a due date nothing is overdue.
        coalesce(current_date - due_date, 0) as days_overdue
    from {{ ref('stg_xero__invoices') }}
    where
        invoice_type = '{{ invoice_type }}'
        and invoice_status = 'AUTHORISED'
        and amount_due <> 0
)

select
    open_invoices.contact_id || '/' || open_invoices.currency_code as {{ key }},
    open_invoices.contact_id,
    contacts.contact_name,
    open_invoices.currency_code,
    count(*) as {{ count }},
    sum(open_invoices.amount_due) as amount_due,
    coalesce(sum(open_invoices.amount_due) filter (where days_overdue <= 0), 0) as due_current,
    coalesce(sum(open_invoices.amount_due) filter (where days_overdue between 1 and 30), 0) as overdue_1_30_days,
    coalesce(sum(open_invoices.amount_due) filter (where days_overdue between 31 and 60), 0) as overdue_31_60_days,
    coalesce(sum(open_invoices.amount_due) filter (where days_overdue between 61 and 90), 0) as overdue_61_90_days,
    coalesce(sum(open_invoices.amount_due) filter (where days_overdue > 90), 0) as overdue_over_90_days,
    min(open_invoices.due_date) as oldest_due_date
from open_invoices
left join {{ ref('stg_xero__contacts') }} as contacts on open_invoices.contact_id = contacts.contact_id
group by open_invoices.contact_id, contacts.contact_name, open_invoices.currency_code
{% endmacro %}
