"""One session for each thread of a build, instead of one for each node.

dbt closes its session after every node. For a project of small views, connecting is then a quarter of the work of a build.
"""

import psycopg2
from dbt.adapters.contracts.connection import ConnectionState
from dbt.adapters.postgres.connections import PostgresConnectionManager


def keep_connections():
    PostgresConnectionManager.release = release


def release(self):
    """Leaves a session as the next node expects a new one: no transaction, every setting at its default."""
    connection = self.get_if_exists()
    if connection is None or connection.state != ConnectionState.OPEN:
        return
    try:
        connection.handle.reset()
        connection.transaction_open = False
    except psycopg2.Error:  # It is broken: the next node opens another.
        self.close(connection)
