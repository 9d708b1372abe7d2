with stream as (
    {{ stream_or_empty('wrike', 'space_members', {
    'space_id': 'text',
    'contact_id': 'text',
    'access_role_id': 'text',
    'is_manager': 'boolean'
    }) | indent(4) }}
)

select
    space_id,
    contact_id,
    access_role_id,
    is_manager
from stream
