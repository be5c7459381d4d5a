"""REST under /api/v1: one loop over the shelf writes every route and its schema."""
