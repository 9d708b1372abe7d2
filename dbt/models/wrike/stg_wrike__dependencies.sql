with stream as (
    {{ stream_or_empty('wrike', 'dependencies', {
    'id': 'text',
    'predecessor_id': 'text',
    'successor_id': 'text',
    'relation_type': 'text',
    'lag_time': 'numeric'
    }) | indent(4) }}
)

select
    id as dependency_id,
    predecessor_id,
    successor_id,
    relation_type,
    lag_time as lag_minutes
from stream
