"""Who listens to which event, and what the settings choose: the one file to read to learn it."""

import forum.accounts.models
import forum.badges.models
import forum.core.outbox
import forum.core.rate_limits
import forum.importers.models
import forum.posts.models
import forum.reputation.models
import forum.tags.models
import forum.votes.models
from forum.core.db import Base

metadata = Base.metadata
"""All tables, for the migrations."""

SEARCH = "search"
"""The queue whose consumer keeps the full-text index in step with the database."""

forum.core.outbox.routes.update(
    {
        "thread changed": (SEARCH,),
    }
)
