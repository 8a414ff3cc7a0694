"""Stand-in for a carrier: registers parcels, shows tracking, and reports each event by a signed callback."""
