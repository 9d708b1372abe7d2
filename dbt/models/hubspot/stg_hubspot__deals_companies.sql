{% set columns = {'deal_id': 'text', 'company_id': 'text', 'association_category': 'text', 'association_type_id': 'bigint', 'association_label': 'text', 'is_primary': 'boolean', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'} %}

select
    deal_id,
    company_id,
    association_category,
    association_type_id,
    association_label,
    is_primary,
    _sdc_batched_at as loaded_at
from {{ optional_source('hubspot', 'deals_companies', columns) }} as deals_companies
where _sdc_deleted_at is null
