"""Things that are sold. Each draws itself standing on the origin, about 300 wide and 420 high at most."""
