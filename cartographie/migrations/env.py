"""What Alembic runs: the connection, and its transaction, belong to `migrations._run`."""

from alembic import context

from cartographie.models import Acteur

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Acteur.metadata,
    # SQLite changes a table by making it again.
    render_as_batch=True,
)
context.run_migrations()
