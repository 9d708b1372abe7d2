{# Live lines of documents. `parent_id` is the column that names the document. #}
{% macro xero_line_items(stream, parent_id) %}
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
from {{ source('xero', stream) }}
where _sdc_deleted_at is null
{% endmacro %}
