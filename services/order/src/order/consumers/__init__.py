"""What this service hears: the market it projects, and the answers that move its orders on."""
