select
    deal_id,
    company_id,
    association_category,
    association_type_id,
    association_label,
    is_primary,
    _sdc_batched_at as loaded_at
from {{ source('hubspot', 'deals_companies') }}
where _sdc_deleted_at is null
