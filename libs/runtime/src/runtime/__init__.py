"""Starting, stopping, migrating and looking into a service."""
