{# Live lines of documents. `parent_id` is the column that names the document. #}
{% macro xero_line_items(stream, parent_id) %}
{%- set columns = {
    'tenant_id': 'text',
    'line_item_id': 'text',
    parent_id: 'text',
    'account_id': 'text',
    'account_code': 'text',
    'item_code': 'text',
    'description': 'text',
    'quantity': 'numeric',
    'unit_amount': 'numeric',
    'line_amount': 'numeric',
    'discount_rate': 'numeric',
    'discount_amount': 'numeric',
    'tax_type': 'text',
    'tax_amount': 'numeric',
    'tracking': 'jsonb',
    '_sdc_deleted_at': 'timestamptz'
} -%}
select
    tenant_id,
    line_item_id,
    {{ parent_id }},
    account_id,
    account_code,
    item_code,
    description,
    quantity,
    unit_amount,
    line_amount,
    discount_rate,
    discount_amount,
    tax_type,
    tax_amount,
    tracking
from {{ optional_source('xero', stream, columns) }} as {{ stream }}
where _sdc_deleted_at is null
{% endmacro %}
