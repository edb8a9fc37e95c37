"""A lively community to look at: `content/` tells who says what when, `loader` lets it happen."""
