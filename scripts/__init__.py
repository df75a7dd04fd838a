"""Scripts of the repository: nothing here is imported by the product."""
