-- Every stage is a row, also one without deals. Amounts are in the currency of the account.
with deals as (
    select * from {{ ref('stg_hubspot__deals') }}
),

stages as (
    select
        stages.pipeline_id,
        stages.stage_id,
        pipelines.pipeline_name,
        stages.stage_name,
        pipelines.display_order as pipeline_order,
        stages.display_order as stage_order,
        stages.is_closed,
        stages.probability
    from {{ ref('stg_hubspot__deal_pipeline_stages') }} as stages
    left join {{ ref('stg_hubspot__deal_pipelines') }} as pipelines using (pipeline_id)
),

totals as (
    select
        pipeline_id,
        stage_id,
        count(*) as deals,
        count(*) filter (where amount_in_home_currency is null) as deals_without_amount,
        coalesce(sum(amount_in_home_currency), 0) as amount,
        min(closes_at) as first_closes_at,
        max(closes_at) as last_closes_at
    from deals
    group by 1, 2
)

-- Deals in a stage that was removed from its pipeline keep a row of their own.
select
    pipeline_id,
    stage_id,
    stages.pipeline_name,
    stages.stage_name,
    stages.pipeline_order,
    stages.stage_order,
    stages.is_closed,
    coalesce(stages.probability = 1, false) as is_won,
    stages.probability,
    coalesce(totals.deals, 0) as deals,
    coalesce(totals.deals_without_amount, 0) as deals_without_amount,
    coalesce(totals.amount, 0) as amount,
    round(coalesce(totals.amount, 0) * stages.probability, 2) as weighted_amount,
    round(totals.amount / nullif(totals.deals - totals.deals_without_amount, 0), 2) as average_amount,
    totals.first_closes_at,
    totals.last_closes_at
from stages
full join totals using (pipeline_id, stage_id)
