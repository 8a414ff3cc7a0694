"""Every statement of this service. Functions take the open transaction and never commit."""
