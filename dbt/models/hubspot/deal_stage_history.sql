-- Every stage that a deal was in, from when to when, and for how long.
with changes as (
    select
        deal_id,
        value as stage_id,
        changed_at as entered_at
    from {{ ref('stg_hubspot__deals_property_history') }}
    where property = 'dealstage' and value is not null
),

spans as (
    select
        deal_id,
        stage_id,
        entered_at,
        lead(entered_at) over (partition by deal_id order by entered_at) as left_at
    from changes
)

select
    spans.deal_id,
    deals.deal_name,
    spans.stage_id,
    stages.stage_name,
    stages.pipeline_id,
    spans.entered_at,
    spans.left_at,
    spans.left_at is null as is_current,
    round(extract(epoch from coalesce(spans.left_at, now()) - spans.entered_at)::numeric / 86400, 2) as days_in_stage
from spans
inner join {{ ref('stg_hubspot__deals') }} as deals on deals.deal_id = spans.deal_id
left join {{ ref('stg_hubspot__deal_pipeline_stages') }} as stages on stages.stage_id = spans.stage_id
