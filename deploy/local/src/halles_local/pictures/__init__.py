"""Pictures of the demo market, drawn by us: flat shapes in few colours, one light from the upper left, soft shadows."""
