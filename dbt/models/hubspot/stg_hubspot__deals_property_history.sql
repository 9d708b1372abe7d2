{% set columns = {'deal_id': 'text', 'property': 'text', 'timestamp': 'timestamptz', 'value': 'text', 'source_type': 'text', 'source_id': 'text', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'} %}

-- HubSpot tells the last twenty or so values: earlier ones that were read once are kept here, as long as the deal is.
select
    deal_id,
    property,
    "timestamp" as changed_at,
    value,
    source_type,
    source_id,
    history._sdc_batched_at as loaded_at
from {{ optional_source('hubspot', 'deals_property_history', columns) }} as history
