"""Third parties, behind the ports."""
