"""The web pages of the staff: routes with their permissions, forms, templates. Rules live in `desk`."""
