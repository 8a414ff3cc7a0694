"""Every statement on this service's tables. Nothing here commits; writers take the open transaction."""
