{% set columns = {
    'tenant_id': 'text',
    'purchase_order_id': 'text',
    'purchase_order_number': 'text',
    'status': 'text',
    'contact_id': 'text',
    'date': 'date',
    'delivery_date': 'date',
    'currency_code': 'text',
    'sub_total': 'numeric',
    'total_tax': 'numeric',
    'total': 'numeric',
    'updated_date_utc': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    purchase_order_id,
    purchase_order_number,
    status as order_status,
    contact_id,
    date as order_date,
    delivery_date,
    currency_code,
    sub_total,
    total_tax,
    total,
    updated_date_utc as updated_at
from {{ optional_source('xero', 'purchase_orders', columns) }} as purchase_orders
where _sdc_deleted_at is null
