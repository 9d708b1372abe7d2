{% set columns = {'id': 'text', 'name': 'text', 'description': 'text', 'hs_sku': 'text', 'price': 'numeric', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'} %}

select
    id as product_id,
    name as product_name,
    description,
    hs_sku as sku,
    price,
    created_at,
    updated_at,
    _sdc_batched_at as loaded_at
from {{ optional_source('hubspot', 'products', columns) }} as products
where _sdc_deleted_at is null
