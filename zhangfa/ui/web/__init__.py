"""The pages that belong to no domain: workbench, search, own menu, theme, errors."""
