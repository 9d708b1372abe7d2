{% set columns = {'deal_id': 'text', 'contact_id': 'text', 'association_category': 'text', 'association_type_id': 'bigint', 'association_label': 'text', 'is_primary': 'boolean', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'} %}

select
    deal_id,
    contact_id,
    association_category,
    association_type_id,
    association_label,
    is_primary,
    _sdc_batched_at as loaded_at
from {{ optional_source('hubspot', 'deals_contacts', columns) }} as deals_contacts
where _sdc_deleted_at is null
