"""The web pages of the staff: routes with their permissions, forms and templates, over the rules of `desk`."""
