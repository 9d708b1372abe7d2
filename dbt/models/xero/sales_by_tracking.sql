-- What was sold by tracking option and month, before tax, in the organisation's currency.

select
    tracking.tenant_id,
    tracking.tracking_category_id,
    tracking.category_name,
    tracking.option_name,
    date_trunc('month', lines.invoice_date)::date as month_start,
    count(distinct lines.invoice_id) as invoices,
    sum(round(lines.line_amount / nullif(lines.currency_rate, 0), 2)) as amount
from {{ ref('stg_xero__invoice_line_item_tracking') }} as tracking
inner join {{ ref('invoice_lines') }} as lines
    on tracking.invoice_id = lines.invoice_id and tracking.line_item_id = lines.line_item_id
where
    lines.invoice_type = 'ACCREC'
    and lines.invoice_status in ('AUTHORISED', 'PAID')
group by
    tracking.tenant_id,
    tracking.tracking_category_id,
    tracking.category_name,
    tracking.option_name,
    date_trunc('month', lines.invoice_date)
