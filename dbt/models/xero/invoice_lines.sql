-- Each line of an invoice or bill with what people ask of it: whose it is, its account, its tax, its tracking.

with tracking as (
    select
        tenant_id,
        invoice_id,
        line_item_id,
        jsonb_object_agg(category_name, option_name) as tracking
    from {{ ref('stg_xero__invoice_line_item_tracking') }}
    group by tenant_id, invoice_id, line_item_id
)

select
    lines.line_item_id,
    lines.tenant_id,
    lines.invoice_id,
    invoices.invoice_number,
    invoices.invoice_type,
    invoices.invoice_status,
    invoices.invoice_date,
    invoices.due_date,
    invoices.contact_id,
    contacts.contact_name,
    lines.description,
    lines.quantity,
    lines.unit_amount,
    lines.line_amount,
    lines.tax_type,
    lines.tax_amount,
    lines.account_id,
    lines.account_code,
    accounts.account_name,
    accounts.account_class,
    tracking.tracking,
    invoices.currency_code,
    invoices.currency_rate
from {{ ref('stg_xero__invoice_line_items') }} as lines
inner join {{ ref('stg_xero__invoices') }} as invoices on lines.invoice_id = invoices.invoice_id
left join {{ ref('stg_xero__contacts') }} as contacts on invoices.contact_id = contacts.contact_id
left join {{ ref('stg_xero__accounts') }} as accounts on lines.account_id = accounts.account_id
left join tracking
    on
        lines.tenant_id = tracking.tenant_id
        and lines.invoice_id = tracking.invoice_id
        and lines.line_item_id = tracking.line_item_id
